/** What stands first about a person: papers, accusations with the replies, values, routes, bars, deadlines, exhibits. */
import { part, query } from '../ask'
import type { PartProps } from '../explorer'
import { sentenceWords } from '../sentences'
import type { ActionItem, DossierAnswer, EvidenceEntry, RecordEntry, StatusTotal, StatusValue } from '../types'
import { between } from '../values'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { useModel } from './drawn'
import { Part } from './entity'
import { DayField } from './filters'
import { Title } from './name'
import { Notice } from './notice'
import { Frame, Papers, RequestingField, Statement, useRequesting } from './routes'
import { SourceLine } from './said'

export function DossierPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  useModel(bench.model)
  const requesting = useRequesting(bench)
  const address = requesting.isCode ? `v1/persons/${part(id)}/dossier${query({ requesting: requesting.code, as_of: bench.day })}` : ''
  const answer = useAnswer<DossierAnswer>(address, bench.version)
  const { data } = answer
  return (
    <article class="dossier">
      <Title bench={bench} id={id} word="dossier.title" caption={data?.name} />
      <RequestingField {...requesting} ask={t('dossier.ask')} />
      <DayField label="stage.filter.day" value={bench.day} onValue={(day) => bench.setDay(day)} />
      {address && <Notice answer={answer} />}
      {data && <Told data={data} />}
    </article>
  )
}

function Told({ data }: { data: DossierAnswer }) {
  const { absences } = data
  return (
    <>
      <Frame answer={data} />
      {data.other_names.length > 0 && <p class="quiet"><bdi>{data.other_names.join(' · ')}</bdi></p>}
      <Papers data={{ ...data, accusations: [] }} />
      <Absent some={absences} of="papers" />
      <Absent some={absences} of="allegations" />
      {(data.measures.length > 0 || absences['measures']) && (
        <Part title={t('dossier.measures')}>
          <Absent some={absences} of="measures" />
          <ul>{data.measures.map((one, place) => <li key={place}><bdi>{sentenceWords(one.text)}</bdi> <Evidence some={one.evidence} /></li>)}</ul>
        </Part>
      )}
      {data.allegations.length > 0 && (
        <Part title={t('dossier.replies')}>
          <ul>
            {data.allegations.map(({ statement, replies: said }) => (
              <li key={statement.text}>
                <Statement said={statement} />
                {!said.length && <Absent some={absences} of="replies" />}
                <ul>{said.map((one, place) => <li key={place}><strong><bdi>{one.text}</bdi></strong> {one.day} <Evidence some={one.evidence} /></li>)}</ul>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {data.next_step && <Part title={t('dossier.next')}><p><bdi>{sentenceWords(data.next_step)}</bdi></p></Part>}
      {(data.values.length > 0 || data.without_value.length > 0 || absences['values']) && (
        <Part title={t('dossier.values')}>
          <Absent some={absences} of="values" />
          <ul>
            {data.values.map((one, place) => <li key={place}><Total total={one} /></li>)}
            {data.without_value.map(([state, count]) => <li key={state}>{statusWord(state)}: {t('dossier.unvalued', { count })}</li>)}
            {data.through_relatives.map(({ relative, total }, place) => <li key={`r ${place}`}>{t('dossier.through', { name: relative })} <Total total={total} /></li>)}
          </ul>
        </Part>
      )}
      {data.recoverable.values.length > 0 && (
        <Part title={t('dossier.recoverable', { currency: data.recoverable.currency })}>
          <ul>{data.recoverable.values.map((one) => <li key={one.status}><Recoverable value={one} currency={data.recoverable.currency} /></li>)}</ul>
          <p class="quiet">{t('dossier.recoverable.note')} <bdi>{data.recoverable.rates.map(sentenceWords).join(' · ')}</bdi></p>
        </Part>
      )}
      {(data.routes.length > 0 || absences['routes']) && (
        <Part title={t('routes.title')}>
          <Absent some={absences} of="routes" />
          <ul>
            {data.routes.map((one) => (
              <li key={one.name + one.about + one.host}>
                <strong class={`state ${one.state}`}>{tOr(`route.state.${one.state}`, one.state)}</strong> <bdi>{sentenceWords(one.name)}</bdi> · {one.host || t('routes.host.unknown')} · <bdi>{one.about}</bdi>
                {one.stage && <div>{sentenceWords(one.stage)}</div>}
                {one.next_action && <div class="quiet"><bdi>{sentenceWords(one.next_action)}</bdi></div>}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Sentences title={t('dossier.raised')} some={data.raised} records={data.raised_by} />
      <Sentences title={t('dossier.bars')} some={data.bars.filter((one) => !data.raised.includes(one))} closed />
      <Absent some={absences} of="bars" />
      <Part title={t('dossier.deadlines')}><Absent some={absences} of="deadlines" /><ul>{data.deadlines.map((one, place) => <li key={place}><Deadline item={one} /></li>)}</ul></Part>
      <Absent some={absences} of="requests" />
      {data.requests.map((one) => (
        <Part key={one.host} title={t('dossier.requests', { host: one.host, refused: one.refused, answered: one.answered })} closed>
          <ul>
            {one.requests.map((fact, place) => <li key={place}><bdi>{sentenceWords(fact.text)}</bdi> <Evidence some={fact.evidence} /></li>)}
            {one.entries.map((entry, place) => <li key={`e ${place}`}><Entry entry={entry} /></li>)}
          </ul>
        </Part>
      ))}
      {data.deleted_notices.length > 0 && (
        <Part title={t('dossier.deleted', { count: data.deleted_notices.length })} closed>
          <ul>{data.deleted_notices.map((one, place) => <li key={place}><Entry entry={one} /></li>)}</ul>
        </Part>
      )}
      {data.exhibits.length > 0 && (
        <Part title={t('dossier.exhibits')} closed>
          <ol>{data.exhibits.map((one) => <li key={one.document_id + one.link_id}><bdi>{one.title}</bdi> <span class="quiet"><bdi>{one.about}</bdi> <code>{one.sha256}</code></span> <Evidence some={one.evidence} /></li>)}</ol>
        </Part>
      )}
      <ul class="quiet">{data.reminders.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul>
      <p class="quiet">{t('dossier.whole')} <code>{`kg dossier ${data.person}`}</code></p>
    </>
  )
}

/** What these sources do not have, as the service words it. */
function Absent({ some, of }: { some: Record<string, string>; of: string }) {
  return some[of] ? <p class="quiet"><bdi>{sentenceWords(some[of])}</bdi></p> : null
}

function Sentences({ title, some, records = {}, closed = false }: { title: string; some: readonly string[]; records?: Record<string, readonly string[]>; closed?: boolean }) {
  if (!some.length) return null
  return <Part title={title} closed={closed}><ul>{some.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi>{records[one]?.map((said) => <b key={said}> <bdi>{said}</bdi></b>)}</li>)}</ul></Part>
}

function Total({ total: { assets, currency, high, low, state } }: { total: StatusTotal }) {
  return <>{statusWord(state)}: {currency} {between(low, high)} <span class="quiet">{t('dossier.assets', { count: assets })}</span></>
}

function Recoverable({ value: { assets, high, low, not_converted, status, without_value }, currency }: { value: StatusValue; currency: string }) {
  const total: StatusTotal = { state: status, currency, low, high, assets }
  return (
    <>
      {without_value < assets ? <Total total={total} /> : <>{statusWord(status)}: <span class="quiet">{t('dossier.assets', { count: assets })}</span></>}
      {without_value > 0 && <span class="quiet"> · {t('dossier.unvalued', { count: without_value })}</span>}
      {not_converted.length > 0 && <span class="quiet"> · {t('dossier.unconverted', { values: not_converted.join(', ') })}</span>}
    </>
  )
}

const statusWord = (state: string): string => tOr(`status.${state}`, state)

function Deadline({ item }: { item: ActionItem }) {
  return (
    <>
      <strong>{item.deadline || item.since}</strong> <bdi>{sentenceWords(item.what)}</bdi> <span class={item.days < 0 ? 'alleged' : 'quiet'}>{sentenceWords(item.when)}</span>
      {item.agency && <div class="quiet"><bdi>{sentenceWords(item.agency)}</bdi></div>}
      <Evidence some={item.evidence} />
    </>
  )
}

function Entry({ entry: { day, what, ground, host, evidence } }: { entry: RecordEntry }) {
  return <>{day} {host} <bdi>{sentenceWords(what)}</bdi>{ground && <> (<bdi>{ground}</bdi>)</>} <Evidence some={evidence} /></>
}

function Evidence({ some }: { some: readonly EvidenceEntry[] }) {
  return <ul class="claims">{some.map((one, place) => <li key={place}><SourceLine said={{ ...one, source: one.sources.join(', ') }} /></li>)}</ul>
}
