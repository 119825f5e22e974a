/** What is said of a node, by whom, graded, since when. */
import { useEffect, useState } from 'preact/hooks'
import { ask, part } from '../ask'
import type { EntityAnswer } from '../types'
import { Mark, typeName } from './mark'

export function EntityPanel({ id }: { id: string }) {
  const [answer, setAnswer] = useState<EntityAnswer | null>(null)
  useEffect(() => {
    const control = new AbortController()
    void ask<EntityAnswer>(`v1/entities/${part(id)}`, { signal: control.signal }).then(setAnswer, () => undefined)
    return () => control.abort()
  }, [id])
  if (!answer) return null
  return (
    <section>
      <h2 tabIndex={-1}><Mark type={answer.entity.type} /> <bdi>{answer.entity.caption}</bdi></h2>
      <p class="quiet">{typeName(answer.entity.type)}</p>
    </section>
  )
}
