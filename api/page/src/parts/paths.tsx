/** How two nodes are connected: paths drawn in columns, and told hop by hop with who says so. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../ask'
import type { PartProps } from '../explorer'
import { sentenceWords } from '../sentences'
import { periodWords } from '../stage/draw'
import type { LinkOut, PathsAnswer, RankedPath } from '../types'
import { valueWords } from '../values'
import { t, tOr } from '../words'
import { useAction } from './answer'
import { wayWords } from './expand'
import { lightOf, reasonsOf } from './hops'
import { Name } from './name'
import { Notice } from './notice'
import { Search } from './search'
import { Sources } from './said'

const MOST = 3

interface End {
  id: string
  caption: string
}
export const NOBODY: End = { id: '', caption: '' }

export function PathPanel(props: PartProps & { from: string }) {
  const { bench, from: first } = props
  const known = (id: string): End => bench.model.nodes.get(id) ?? { id, caption: '' }
  const others = bench.model.selected.filter((id) => id !== first && bench.model.nodes.has(id))
  const [from, setFrom] = useState<End>(first ? known(first) : NOBODY)
  const [to, setTo] = useState<End>(others[0] ? known(others[0]) : NOBODY)
  const [ranking, setRanking] = useState('credible')
  const [found, setFound] = useState<PathsAnswer | null>(null)
  const [shown, setShown] = useState(0)
  useEffect(() => setFound(null), [bench.version]) // paths of another graph are no answer any more
  const { busy, message, run } = useAction()
  useEffect(() => () => bench.stage?.highlight(null), [bench])

  const besides = (path: RankedPath): string[] => [...bench.model.nodes.keys()].filter((id) => !path.nodes.includes(id))
  const inColumns = async (path: RankedPath): Promise<void> => bench.stage?.layout({ columns: path.nodes.map((id) => [id]) })
  const showPath = async (answer: PathsAnswer, number: number): Promise<void> => {
    const path = answer.paths[number]
    if (!path) return
    setShown(number)
    await bench.draw(path.nodes)
    // A picture with nothing but the path stands in columns; what is drawn already is not moved.
    if (!besides(path).length) await inColumns(path)
    else bench.stage?.fit(path.nodes)
    bench.stage?.highlight(lightOf(path))
  }
  const find = async (start: End, goal: End): Promise<void> => {
    if (!start.id || !goal.id) return
    const isWell = await run(async (signal) => {
      const body = { from: start.id, to: goal.id, ranking, limit: MOST, ...(bench.day ? { as_of: bench.day } : {}) }
      const answer = await ask<PathsAnswer>('v1/paths', { body, signal })
      setFound(answer)
      await showPath(answer, 0)
    })
    if (!isWell) setFound(null)
  }
  const columns = async (path: RankedPath): Promise<void> => {
    if (path.nodes.some((id) => !bench.model.nodes.has(id))) await bench.draw(path.nodes) // it is still being drawn
    bench.model.hide(besides(path))
    await inColumns(path)
  }
  const path = found?.paths[shown]
  return (
    <article class="paths" aria-busy={busy}>
      <h2>{t('path.title')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void find(from, to)
        }}
      >
        <EndField label={t('path.from')} end={from} onEnd={setFrom} />
        <EndField label={t('path.to')} end={to} onEnd={(end) => { setTo(end); void find(from, end) }} />
        <div class="row">
          <label>
            {t('path.ranking')}
            <select value={ranking} onChange={(event) => setRanking(event.currentTarget.value)}>
              <option value="credible">{t('path.credible')}</option>
              <option value="shortest">{t('path.shortest')}</option>
            </select>
          </label>
          <button type="button" onClick={() => { setFrom(to); setTo(from) }}>{t('path.swap')}</button>
          <button class="primary" disabled={!from.id || !to.id || busy}>{t('path.find')}</button>
        </div>
      </form>
      <Notice answer={{ busy, message }} />
      {found && !found.paths.length && <p role="status">{found.cut ? t('path.cut', { cut: tOr(`cut.${found.cut}`, found.cut) }) : t('path.none', { depth: Number(found.limits['max_depth'] ?? 6) })}</p>}
      {found && path && (
        <>
          {found.paths.length > 1 && (
            <div class="row" role="group" aria-label={t('path.several')}>
              {found.paths.map((one, number) => (
                <button type="button" class={number === shown ? 'chip on' : 'chip'} aria-pressed={number === shown} key={number} onClick={() => void bench.attempt(() => showPath(found, number))}>
                  {t('path.number', { number: number + 1, hops: one.hops.length })}
                </button>
              ))}
            </div>
          )}
          <Told props={props} found={found} path={path} />
          <div class="row"><button type="button" onClick={() => void bench.attempt(() => columns(path))}>{t('path.columns')}</button></div>
        </>
      )}
    </article>
  )
}

export function EndField({ label, end, onEnd }: { label: string; end: End; onEnd(end: End): void }) {
  if (end.id) {
    return (
      <p class="end">
        <span class="quiet">{label}</span> <strong><bdi>{end.caption || end.id}</bdi></strong>{' '}
        <button type="button" class="plain" onClick={() => onEnd(NOBODY)}>{t('path.other')}<span class="hidden"> {label}</span></button>
      </p>
    )
  }
  return <Search label={label} onChoose={(_, entity) => onEnd(entity)} />
}

function Told({ props, found, path }: { props: PartProps; found: PathsAnswer; path: RankedPath }) {
  const caption = (id: string): string => found.captions[id] ?? id
  const { chance } = found
  const weakest = path.hops[path.weakest]
  return (
    <section class="told">
      <p>
        <strong>{tOr(`path.kind.${path.kind}`, path.kind)}</strong>{' '}
        {!path.supports_holding && <>{t('path.association')} </>}
        {t('path.summary', { hops: path.hops.length, origins: path.origins })}{' '}
        {tOr(`path.coherent.${path.coherent}`, '')}
      </p>
      {weakest && (
        <p class="weakest">
          {t('path.weakest', { from: caption(weakest.from_id), to: caption(weakest.to_id) })}: <bdi>{reasonsOf(path, weakest)}</bdi>
        </p>
      )}
      <ol class="hops">
        <li><Name props={props} id={path.nodes[0] ?? ''} caption={caption(path.nodes[0] ?? '')} type={typeOf(props, path.nodes[0])} /></li>
        {path.hops.map((hop, number) => (
          <li key={number} class={number === path.weakest && path.hops.length > 1 ? 'hop weak' : 'hop'}>
            {hop.links.map((step) => {
              const link = found.links[step.id]
              return link && <HopLine key={step.id} props={props} link={link} forward={step.forward} holds={step.holds} day={found.as_of} contradictions={path.contradictions.filter((one) => one.about === step.id).map((one) => one.says)} />
            })}
            {hop.origins > 1 && <p class="quiet">{t('path.origins', { count: hop.origins })}</p>}
            <Name props={props} id={hop.to_id} caption={caption(hop.to_id)} type={typeOf(props, hop.to_id)} />
            {path.contradictions.filter((one) => one.about === hop.to_id).map((one) => <p class="contradiction" key={one.says}><bdi>{sentenceWords(one.says)}</bdi></p>)}
            {path.terms.filter((term) => term.about === hop.to_id).map((term) => <p class="quiet" key={term.why}>{t('path.passes')}: <bdi>{sentenceWords(term.why)}</bdi></p>)}
          </li>
        ))}
      </ol>
      {path.judgements.length > 0 && <p>{t('path.judgements', { numbers: path.judgements.join(', ') })}</p>}
      {path.rivals.length > 0 && <p>{t('path.rivals', { numbers: path.rivals.join(', ') })}</p>}
      {chance && chance.people > 0 && <p class="quiet">{t('path.chance', { reach: chance.reach, people: chance.people, hops: chance.hops, goal: caption(found.goal) })}</p>}
      {found.cut && <p class="quiet">{t('path.cut', { cut: tOr(`cut.${found.cut}`, found.cut) })}</p>}
      {!found.cut && found.more && <p class="quiet">{t('path.more')}</p>}
      <p class="quiet">{t('path.note')}</p>
    </section>
  )
}

function HopLine({ props, link, forward, holds, day, contradictions }: { props: PartProps; link: LinkOut; forward: boolean; holds: string; day: string; contradictions: string[] }) {
  const said = ['share', 'amount'].map((name) => (link.properties[name] ?? []).map((one) => valueWords(name, one)).join(', ')).join(' ').trim()
  const [from, to] = [link.properties['start_date']?.[0] ?? '', link.properties['end_date']?.[0] ?? '']
  const on = link.properties['date']?.join(', ')
  return (
    <div class="step">
      <button type="button" class="name says" onClick={() => props.choose([link.id], 'link')}>
        {forward ? '↓' : '↑'} {wayWords(link.type, forward ? 'out' : 'in', link.properties['role'])} {said}
      </button>
      {(from || to) && <span class="quiet"> {periodWords(from, to)}</span>}
      {on && <span class="quiet"> {on}</span>}
      {holds && holds !== 'yes' && <span class={holds === 'no' ? 'alleged' : 'quiet'}> {t(holds === 'no' ? 'path.holds.no' : holds === 'maybe' ? 'path.holds.maybe' : 'path.holds.undated', { day })}</span>}
      <Sources said={link.said} />
      {contradictions.map((one) => <p class="contradiction" key={one}><bdi>{sentenceWords(one)}</bdi></p>)}
    </div>
  )
}

const typeOf = ({ bench }: PartProps, id: string | undefined): string | undefined => (id ? bench.model.nodes.get(id)?.type : undefined)
