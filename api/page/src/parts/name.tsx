/** The name of a node as a button that selects it, drawing it where it is not drawn yet. */
import type { PartProps } from '../explorer'
import type { Workbench } from '../workbench'
import { t, type Word } from '../words'
import { Mark } from './mark'

interface NameProps {
  props: PartProps
  id: string
  caption: string
  type?: string | undefined
}

export function Name({ props: { bench, choose }, id, caption, type }: NameProps) {
  const open = (): void => {
    if (bench.model.nodes.has(id)) {
      choose([id], 'node')
      bench.stage?.center(id)
      return
    }
    void bench.attempt(async () => {
      await bench.draw([id])
      choose([id], 'node')
    })
  }
  return (
    <button type="button" class="name" onClick={open}>
      {type && <Mark type={type} />}
      <bdi>{caption || id}</bdi>
    </button>
  )
}

/** What a part tells, and about which node. */
export function Title({ bench, id, word, caption }: { bench: Workbench; id: string; word: Word; caption?: string | undefined }) {
  return <h2>{t(word)}: <bdi>{caption ?? bench.model.nodes.get(id)?.caption}</bdi></h2>
}
