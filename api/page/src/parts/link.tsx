/** One link: what it says, since when, by whom, value for value, and what contradicts it. */
import type { PartProps } from '../explorer'
import type { LinkAnswer } from '../types'
import { linkLook } from '../stage/graph'
import { part } from '../ask'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { useModel } from './drawn'
import { Contradictions, Part } from './entity'
import { Name } from './name'
import { Notice } from './notice'
import { SourceLine } from './said'

export function LinkPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  useModel(bench.model)
  const day = bench.day ? `?as_of=${bench.day}` : ''
  const answer = useAnswer<LinkAnswer>(`v1/links/${part(id)}${day}`, bench.version)
  const drawn = bench.model.links.get(id)
  const type = answer.data?.link.type ?? drawn?.type ?? ''
  const look = linkLook(type)
  const { data } = answer
  return (
    <article class="link">
      <h2>{tOr(`link.${type}`, look.caption || type)}</h2>
      <Notice answer={answer} />
      {data && (
        <>
          <p class="sentence">
            <Name props={props} id={data.link.from} caption={data.nodes[data.link.from]?.caption ?? ''} type={data.nodes[data.link.from]?.type} />
            <span class="says"><bdi>{data.in_short.label || look.caption}</bdi></span>
            <Name props={props} id={data.link.to} caption={data.nodes[data.link.to]?.caption ?? ''} type={data.nodes[data.link.to]?.type} />
          </p>
          {drawn?.alleged && <Allegations data={data} />}
          {drawn?.suggested && <p class="alleged">{t('link.suggested')}</p>}
          {bench.day && data.in_short.holds && <p class="quiet">{t('link.holds', { day: bench.day })}: {tOr(`holds.${data.in_short.holds}`, data.in_short.holds)}</p>}
          <Contradictions sentences={data.in_short.contradictions} />
          {data.in_short.periods.length > 0 && (
            <Part title={t('link.when')}>
              <ul>{data.in_short.periods.map((period, place) => <li key={place}>{periodWords(period.from, period.to, data.in_short.event)} <span class="tag"><bdi>{period.source}</bdi></span></li>)}</ul>
            </Part>
          )}
          {data.values.length > 0 && (
            <Part title={t('entity.facts')}>
              <dl class="facts">
                {data.values.map((one, place) => (
                  <div key={place}>
                    <dt>{tOr(`property.${one.property}`, one.property.replaceAll('_', ' '))}</dt>
                    <dd><bdi>{one.value}</bdi><span class="by">{one.sources.map((source) => <span class="tag" key={source}><bdi>{source}</bdi></span>)}</span></dd>
                  </div>
                ))}
              </dl>
            </Part>
          )}
          <Part title={t('link.said')}>
            {data.link.said.length
              ? <ul class="claims">{data.link.said.map((said, place) => <li key={place}><SourceLine said={said} /></li>)}</ul>
              : <p class="quiet">{t('link.derived')}</p>}
          </Part>
        </>
      )}
    </article>
  )
}

/** Whose word it is, stage by stage: who clears alleges nothing. */
function Allegations({ data }: { data: LinkAnswer }) {
  const by = (sources: readonly string[]): string => {
    const named = data.values.filter((one) => one.property === 'said_by' && one.sources.some((source) => sources.includes(source)))
    return named.map((one) => one.value).join(', ') || sources.join(', ')
  }
  const stages = data.values.filter((one) => one.property === 'stage')
  const told = stages.flatMap((one) => one.sources)
  const without = data.link.sources.filter((source) => !told.includes(source))
  const offence = data.nodes[data.link.to]?.caption ?? ''
  return (
    <>
      {stages.map(({ value, sources }) => value === 'cleared'
        ? <p class="cleared" key={value}>{t('accused.cleared', { offence, by: by(sources) })}</p>
        : <p class="alleged" key={value}>{t('link.alleged', { by: by(sources) })}</p>)}
      {without.length > 0 && <p class="alleged">{t('link.alleged', { by: by(without) })}</p>}
    </>
  )
}

export function periodWords(from: string, to: string, event = false): string {
  if (event || (from && from === to)) return from || to
  if (from && to) return t('period.both', { from, to })
  return from ? t('period.from', { from }) : t('period.to', { to })
}
