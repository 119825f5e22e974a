/** The legal routes of a person in each place: open, missing a fact, or blocked, and by what. */
import { useEffect, useState } from 'preact/hooks'
import { part, query } from '../ask'
import type { PartProps } from '../explorer'
import type { Workbench } from '../workbench'
import type { FactAnswer, LegalStatement, RouteAnswer, RoutesAnswer } from '../types'
import { factWords, sentenceWords } from '../sentences'
import { currentLanguage, speakLaw, t, tOr } from '../words'
import { useAnswer } from './answer'
import { useModel } from './drawn'
import { DayField } from './filters'
import { Part } from './entity'
import { Title } from './name'
import { Notice } from './notice'
import { Address } from './said'

const CODE = /^[A-Z]{2}$/

/** The requesting state that is typed and asked for; the other panels take the same. */
export function useRequesting(bench: Workbench) {
  const [code, setCode] = useState(bench.requesting)
  useEffect(() => void speakLaw(), [currentLanguage()]) // what it tells is of the law
  return { code, isCode: CODE.test(code), onCode: (chosen: string) => { bench.requesting = chosen; setCode(chosen) } }
}

type Requesting = ReturnType<typeof useRequesting>

export function RequestingField({ code, isCode, onCode, ask }: Requesting & { ask: string }) {
  const [typed, setTyped] = useState(code)
  return (
    <>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault()
          onCode(typed.trim().toUpperCase())
        }}
      >
        <label>
          {t('routes.requesting')}
          <input value={typed} size={4} maxLength={2} autocapitalize="characters" aria-describedby="requesting-note" onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <button class="primary">{ask}</button>
        <span id="requesting-note" class="quiet">{t('routes.code')}</span>
      </form>
      {code && !isCode && <p class="trouble" role="alert">{t('routes.bad', { code })}</p>}
    </>
  )
}

export function RoutesPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  useModel(bench.model)
  const requesting = useRequesting(bench)
  const address = requesting.isCode ? `v1/persons/${part(id)}/routes${query({ requesting: requesting.code, as_of: bench.day })}` : ''
  const answer = useAnswer<RoutesAnswer>(address, bench.version)
  const { data } = answer
  const hosts = [...new Set(data?.routes.map((route) => route.host) ?? [])]
  return (
    <article class="routes">
      <Title bench={bench} id={id} word="routes.title" />
      <RequestingField {...requesting} ask={t('routes.ask')} />
      <DayField label="stage.filter.day" value={bench.day} onValue={(day) => bench.setDay(day)} />
      {address && <Notice answer={answer} />}
      {data && (
        <>
          <Frame answer={data} />
          <Papers data={data} />
          {!data.papers.length && !data.accusations.length && <p class="cleared">{t('accused.not')}</p>}
          {!data.routes.length && <p>{t('routes.none')}</p>}
          {hosts.map((host) => (
            <section key={host} class="host">
              <h3>{host ? t('routes.host', { host }) : t('routes.host.unknown')}</h3>
              {data.routes.filter((route) => route.host === host).map((route) => <Route key={route.route + route.subject} route={route} about={data.captions[route.subject] ?? ''} requesting={requesting.code} />)}
            </section>
          ))}
          {data.reminders.length > 0 && <Part title={t('routes.reminders')}><ul>{data.reminders.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul></Part>}
          <p class="quiet">{t('routes.note')}</p>
        </>
      )}
    </article>
  )
}

/** Of which day and graph an answer about the law is, and who requests. */
export function Frame({ answer: { requesting, day, version, notes } }: { answer: Pick<RoutesAnswer, 'requesting' | 'day' | 'version' | 'notes'> }) {
  return (
    <>
      <p class="quiet">{t('routes.frame', { requesting, day, version })}</p>
      {notes.map((one) => <p class="quiet" key={one}><bdi>{sentenceWords(one)}</bdi></p>)}
    </>
  )
}

export function Papers({ data }: { data: Pick<RoutesAnswer, 'papers' | 'accusations' | 'clearances'> }) {
  return (
    <section class="papers">
      <ul>
        {data.papers.map((paper) => (
          <li key={paper.id}>
            <strong>{t(paper.in_force ? 'routes.force' : 'routes.over')}</strong> <bdi>{paper.name}</bdi>
            <span class="quiet"> {paper.issuers.join(', ')} {paper.since}{paper.ended && ` – ${paper.ended}`} {paper.reason && <bdi>{sentenceWords(paper.reason)}</bdi>} <bdi class="tag">{paper.sources.join(', ')}</bdi></span>
          </li>
        ))}
        {data.accusations.map((one) => <li key={one.text}>{t('routes.accused')}: <Statement said={one} /></li>)}
        {data.clearances.map((one) => <li key={one.text} class={one.answer === 'yes' ? 'cleared' : ''}>{one.answer === 'yes' && `${t('routes.cleared')}: `}<Statement said={one} /></li>)}
      </ul>
    </section>
  )
}

function Route({ route, about, requesting }: { route: RouteAnswer; about: string; requesting: string }) {
  const told = (fact: FactAnswer): string => factWords(fact, requesting, route.host)
  const facts = [...route.facts_for, ...route.facts_against]
  const because = (text: string): string => {
    const fact = facts.find((one) => one.text === text)
    return fact ? told(fact) : sentenceWords(text)
  }
  return (
    <details class={`route ${route.state}`}>
      <summary>
        <strong class={`state ${route.state}`}>{tOr(`route.state.${route.state}`, route.state)}</strong>{' '}
        <bdi>{(currentLanguage() === 'zh' && route.name_zh) || route.name}</bdi>
        <span class="quiet"> · {t('routes.about')}: <bdi>{about}</bdi>{route.missing.length > 0 && ` · ${t('routes.missing', { count: route.missing.length })}`}</span>
      </summary>
      {route.because.length > 0 && <ul>{route.because.map((one) => <li key={one}><bdi>{because(one)}</bdi></li>)}</ul>}
      {route.missing.length > 0 && (
        <>
          <h4>{t('routes.needed')}</h4>
          <ul>{route.missing.map((one) => <li key={one.fact + one.about}><strong><bdi>{sentenceWords(one.question)}</bdi></strong> {one.bodies.length > 0 && <span class="quiet">{t('routes.bodies', { bodies: one.bodies.join(', ') })}</span>}</li>)}</ul>
        </>
      )}
      <Facts title={t('routes.for')} facts={route.facts_for} told={told} />
      <Facts title={t('routes.against')} facts={route.facts_against} told={told} />
      <Facts title={t('routes.decides')} facts={route.host_decides} told={told} />
      {route.warnings.length > 0 && <ul class="contradictions">{route.warnings.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul>}
      {route.agencies.length > 0 && (
        <>
          <h4>{t('routes.agencies')}</h4>
          <ul>{route.agencies.map((one) => <li key={one.side + one.kind}><span class="quiet">{one.jurisdiction}</span> <bdi>{one.names.join(', ') || `${tOr(`agency.${one.kind}`, one.kind.replaceAll('_', ' '))}: ${t(one.jurisdiction ? 'routes.agencies.none' : 'routes.host.unknown')}`}</bdi></li>)}</ul>
        </>
      )}
      {route.sources.length > 0 && (
        <>
          <h4>{t('routes.sources')}</h4>
          <ul class="claims">{route.sources.map((one) => <li key={one.source + one.title}><bdi>{one.title || one.source}</bdi> {one.url && <Address url={one.url} />}</li>)}</ul>
        </>
      )}
    </details>
  )
}

function Facts({ title, facts, told }: { title: string; facts: readonly FactAnswer[]; told(fact: FactAnswer): string }) {
  if (!facts.length) return null
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {facts.map((fact) => (
          <li key={fact.fact}>
            <bdi>{told(fact)}</bdi>
            {fact.disputed && <strong class="badge">{t('routes.disputed')}</strong>}
            <ul class="claims">{(fact.says ?? []).map((said, place) => <li key={place}><Statement said={said} /></li>)}</ul>
          </li>
        ))}
      </ul>
    </>
  )
}

export function Statement({ said }: { said: LegalStatement }) {
  return (
    <span class="said">
      <bdi>{sentenceWords(said.text)}</bdi>
      {(said.sources ?? []).map((source) => <bdi class="tag" key={source}>{source} {said.grade}</bdi>)}
      {said.origin && <bdi class="quiet">{said.origin}</bdi>}
      {said.url && <Address url={said.url} />}
    </span>
  )
}
