/** One link: what it says, since when, by whom, value for value, and what contradicts it. */
import type { PartProps } from '../explorer'
import type { LinkAnswer } from '../types'
import { kindWord, linkSays, periodWords, propertyWord } from '../stage/draw'
import { part } from '../ask'
import { valueWords } from '../values'
import { sentenceWords } from '../sentences'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { useModel } from './drawn'
import { Contradictions } from './contradictions'
import { Part } from './entity'
import { Name } from './name'
import { Notice } from './notice'
import { Sources } from './said'

export function LinkPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  useModel(bench.model)
  const day = bench.day ? `?as_of=${bench.day}` : ''
  const answer = useAnswer<LinkAnswer>(`v1/links/${part(id)}${day}`, bench.version)
  const drawn = bench.model.links.get(id)
  const type = answer.data?.link.type ?? drawn?.type ?? ''
  const { data } = answer
  return (
    <article class="link">
      <h2>{kindWord(data?.in_short ?? drawn ?? { type })}</h2>
      <Notice answer={answer} />
      {data && (
        <>
          <p class="sentence">
            <Name props={props} id={data.link.from} caption={data.nodes[data.link.from]?.caption ?? ''} type={data.nodes[data.link.from]?.type} />
            <span class="says"><bdi>{linkSays(data.in_short)}</bdi></span>
            <Name props={props} id={data.link.to} caption={data.nodes[data.link.to]?.caption ?? ''} type={data.nodes[data.link.to]?.type} />
          </p>
          {data.in_short.relation && <p class="quiet"><bdi>{sentenceWords(data.in_short.relation)}</bdi></p>}
          {(drawn?.alleged || data.in_short.stages.length > 0) && <Allegations data={data} />}
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
                    <dt>{propertyWord(one.property)}</dt>
                    <dd><bdi>{valueWords(one.property, one.value)}</bdi><span class="by">{one.sources.map((source) => <span class="tag" key={source}><bdi>{source}</bdi></span>)}</span></dd>
                  </div>
                ))}
              </dl>
            </Part>
          )}
          <Part title={t('link.said')}>
            <Sources said={data.link.said} />
          </Part>
        </>
      )}
    </article>
  )
}

/** Whose word it is, stage by stage: who clears alleges nothing, and a conviction is a finding. */
function Allegations({ data }: { data: LinkAnswer }) {
  const { stages } = data.in_short
  const offence = data.nodes[data.link.to]?.caption ?? ''
  if (!stages.length) return <p class="alleged">{t('link.alleged', { by: saidBy(data) })}</p>
  return (
    <>
      {stages.map(({ stage, by: all }) => {
        const decided = (['cleared', 'convicted'] as const).find((one) => one === stage)
        return <p class={decided ?? 'alleged'} key={stage}>{t(decided ? `accused.${decided}` : 'link.alleged', { offence, by: all.join(', ') })}</p>
      })}
    </>
  )
}

function saidBy({ values, link }: LinkAnswer): string {
  return values.filter((one) => one.property === 'said_by').map((one) => one.value).join(', ') || link.sources.join(', ')
}
