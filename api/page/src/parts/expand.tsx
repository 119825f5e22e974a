/** How many links of which kinds a node has, and how many of them are drawn, before anything is drawn. */
import type { PartProps } from '../explorer'
import { linkWord, typeWord } from '../stage/draw'
import { linkLook, roleOf } from '../stage/graph'
import type { GraphModel } from '../stage/model'
import type { LinkCountOut as Count } from '../types'
import { EXPANDED } from '../workbench'
import { t } from '../words'
import { useAsked } from './answer'
import { useModel } from './drawn'
import { Mark } from './mark'

export function Expand({ bench, id }: PartProps & { id: string }) {
  useModel(bench.model)
  const { data, message } = useAsked((signal) => bench.count(id, signal), [id, bench.version, bench.day])
  const counts = data ?? bench.counts.get(id)
  if (message) return <p class="trouble" role="alert">{message}</p>
  if (!counts) return <p class="quiet">{t('page.asking')}</p>
  if (!counts.length) return <p class="quiet">{t('expand.none')}</p>
  const sorted = joined(counts).sort((a, b) => b.links - a.links)
  return (
    <ul class="counts">
      {sorted.map((group) => {
        const drawn = drawnOf(bench.model, id, group)
        const left = Math.max(0, group.links - drawn)
        return (
          <li key={`${group.type} ${group.direction} ${group.other}`}>
            <span class="group"><Mark type={group.other} /> {wayWords(group.type, group.direction)} <strong>{typeWord(group.other)}</strong></span>
            <span class="quiet">{t('expand.drawn', { drawn: Math.min(drawn, group.links), links: group.links })}</span>
            {left > 0 && (
              <button type="button" onClick={() => void bench.attempt(() => bench.expand(id, group))}>
                {t('expand.more', { count: Math.min(left, EXPANDED.limit) })}<span class="hidden"> {wayWords(group.type, group.direction)} {typeWord(group.other)}</span>
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** Links without a way are one group, whichever end a source names first. */
function joined(counts: readonly Count[]): Count[] {
  const found = new Map<string, Count>()
  for (const group of counts) {
    const direction = linkLook(group.type).directed ? group.direction : 'both'
    const key = `${group.type} ${direction} ${group.other}`
    const same = found.get(key)
    found.set(key, { ...group, direction, links: group.links + (same?.links ?? 0), drawn: group.drawn + (same?.drawn ?? 0), left_out: group.left_out + (same?.left_out ?? 0) })
  }
  return [...found.values()]
}

/** What a link says, from the side of the node that it is told of; `roles`: those that are stated on it. */
export const wayWords = (type: string, direction: string, roles?: readonly string[]): string => linkWord(type, roleOf(type, roles), direction)

function drawnOf(model: GraphModel, id: string, group: Count): number {
  let count = 0
  for (const link of model.links.values()) {
    const isOut = group.direction === 'both' ? link.from === id : group.direction === 'out'
    const [own, other] = isOut ? [link.from, link.to] : [link.to, link.from]
    if (link.type === group.type && own === id && model.nodes.get(other)?.type === group.other) count += 1
  }
  return count
}
