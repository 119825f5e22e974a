/** How two to ten selected nodes are connected: the most credible paths first, drawn in columns. */
import { useEffect, useState } from 'preact/hooks'
import { linksOf, nodesOf } from '../answers'
import { ask } from '../ask'
import type { GraphLink, GraphModel, GraphNode } from '../stage/model'
import type { Stage } from '../stage/stage'
import type { ConnectionsAnswer, RankedPath } from '../types'
import { isolatedName, t, tOr } from '../words'
import { useAction } from './answer'
import { useModel } from './drawn'
import { wayWords } from './expand'
import { lightOf, reasonsOf } from './hops'
import { Search } from './search'

const DEPTH = 6
const MOST = 10

interface ConnectionsProps {
  model: GraphModel
  stage: Stage
  day: string
  /** Draws one that was searched. */
  draw(id: string): Promise<boolean>
  /** Draws what was found. */
  add(nodes: readonly GraphNode[], links: readonly GraphLink[], near?: string): void
}

export function Connections({ model, stage, day, draw, add }: ConnectionsProps) {
  useModel(model)
  const chosen = model.selected.filter(id => model.nodes.has(id))
  const [found, setFound] = useState<ConnectionsAnswer | null>(null)
  const [lit, setLit] = useState<number | null>(null)
  const { busy, message, run } = useAction()
  useEffect(() => () => stage.highlight(null), [stage])

  const connect = (): Promise<boolean> => run(async (signal) => {
    const body = { nodes: chosen, depth: DEPTH, limit: MOST, ...(day ? { as_of: day } : {}) }
    const answer = await ask<ConnectionsAnswer>('v1/connections', { body, signal })
    const nodes = nodesOf(answer.nodes)
    add(nodes, linksOf(answer.links), chosen[0])
    setFound(answer)
    setLit(null)
    if (answer.paths.length) await stage.layout({ columns: columns({ ...answer, nodes }) })
  })
  const light = (number: number | null): void => {
    const path = number === null ? undefined : found?.paths[number]?.path
    setLit(number)
    stage.highlight(path ? lightOf(path) : null)
  }
  const name = (id: string): string => isolatedName(model.nodes.get(id)?.caption ?? id)
  return (
    <section class="connections" aria-label={t('stage.connect')} aria-busy={busy}>
      <h2>{t('stage.connect')}</h2>
      <Search label={t('search.label')} onChoose={(id) => void draw(id).then(() => model.select([...new Set([...chosen, id])]))} />
      <ul>
        {chosen.map(id => (
          <li key={id}>{name(id)} <button type="button" class="small" aria-label={`${t('stage.connect.leave')}: ${name(id)}`} onClick={() => model.select(chosen.filter(one => one !== id))}>✕</button></li>
        ))}
      </ul>
      {chosen.length < 2 && <p class="quiet">{t('stage.connect.few')}</p>}
      {chosen.length > 10 && <p>{t('stage.connect.many', { count: chosen.length })}</p>}
      <button type="button" disabled={chosen.length < 2 || chosen.length > 10 || busy} onClick={() => void connect()}>
        {t('stage.connect.ask', { count: chosen.length })}
      </button>
      {message && <p role="alert">{message}</p>}
      {found && (found.paths.length > 0 || !found.cut) && (
        <div role="status">
          <p>{found.paths.length ? t('stage.connect.found', { count: found.paths.length }) : t('stage.connect.none', { depth: DEPTH })}</p>
        </div>
      )}
      {found && found.unconnected.length > 0 && found.paths.length > 0 && (
        <p>{t('stage.connect.unconnected', { depth: DEPTH, pairs: found.unconnected.map(([a, b]) => `${name(a)} – ${name(b)}`).join('; ') })}</p>
      )}
      {found?.cut && <p>{t('path.cut', { cut: tOr(`cut.${found.cut}`, found.cut) })}</p>}
      {found?.more && !found.cut && <p class="quiet">{t('path.more')}</p>}
      {found && found.paths.length > 0 && (
        <>
          <ol class="paths">
            {found.paths.map(({ path }, i) => (
              <li key={i} class={lit === i ? 'on' : ''}>
                <button type="button" aria-pressed={lit === i} aria-label={t('stage.connect.light', { number: i + 1 })} onClick={() => light(lit === i ? null : i)}>{i + 1}</button>
                {' '}{told(path, name)}
                <p class="quiet">
                  {tOr(`path.kind.${path.kind}`, path.kind)} {!path.supports_holding && t('path.association')}{' '}
                  {t('path.summary', { hops: path.hops.length, origins: path.origins })} {weakest(path, name)}
                </p>
              </li>
            ))}
          </ol>
          {lit !== null && <button type="button" onClick={() => light(null)}>{t('stage.connect.all')}</button>}
        </>
      )}
      {found && found.shared.length > 0 && (
        <>
          <h3>{t('stage.connect.shared')}</h3>
          <ul>
            {found.shared.map(({ node, asked: reached }) => (
              <li key={node}>{t('stage.connect.by', { name: name(node), count: reached.length })}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** A path in one line, each link in the words of the end that comes first. */
export function told(path: Pick<RankedPath, 'nodes' | 'hops'>, name: (id: string) => string): string {
  return path.nodes.map((id, i) => {
    const links = path.hops[i]?.links ?? []
    const says = [...new Set(links.map((link) => wayWords(link.type, link.forward ? 'out' : 'in')))]
    return says.length ? `${name(id)} — ${says.join(', ')} → ` : name(id)
  }).join('')
}

function weakest(path: RankedPath, name: (id: string) => string): string {
  const hop = path.hops[path.weakest]
  if (!hop || path.hops.length < 2) return ''
  const why = reasonsOf(path, hop)
  return `${t('path.weakest', { from: name(hop.from_id), to: name(hop.to_id) })}${why ? `: ${why}` : '.'}`
}

/** Columns by the number of hops from the first that was asked for; the ends stand outside. */
export function columns({ asked, paths, nodes }: Pick<ConnectionsAnswer, 'asked' | 'paths'> & { nodes: readonly GraphNode[] }): string[][] {
  const beside = new Map<string, Set<string>>()
  for (const { path } of paths) {
    path.nodes.forEach((id, i) => {
      const next = path.nodes[i + 1]
      if (next === undefined) return
      for (const [here, there] of [[id, next], [next, id]] as const) beside.set(here, (beside.get(here) ?? new Set()).add(there))
    })
  }
  const depth = new Map<string, number>()
  for (const start of [...asked, ...nodes.map(node => node.id)]) {
    if (depth.has(start) || !beside.has(start)) continue
    const waiting = [start]
    depth.set(start, 0)
    for (const id of waiting) {
      for (const other of beside.get(id) ?? []) {
        if (depth.has(other)) continue
        depth.set(other, depth.get(id)! + 1)
        waiting.push(other)
      }
    }
  }
  const found: string[][] = Array.from({ length: Math.max(-1, ...depth.values()) + 1 }, () => [])
  for (const [id, at] of depth) found[at]!.push(id)
  const loose = asked.filter(id => !depth.has(id))
  if (loose.length) found.push(loose)
  return found.map(column => column.sort())
}
