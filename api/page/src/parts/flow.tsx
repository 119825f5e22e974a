/** Where the money of a party or account went, in time order, by each rule of tracing, and what happened meanwhile. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../ask'
import type { PartProps } from '../explorer'
import { sentenceWords } from '../sentences'
import { propertyWord } from '../stage/draw'
import type { FlowEvent, MoneyFlowAnswer, MoneyRange, TracedPayment } from '../types'
import { between, grouped, valueWords } from '../values'
import { isolatedName, t, tOr } from '../words'
import { useAsked } from './answer'
import { useModel } from './drawn'
import { Part } from './entity'
import { Name, Title } from './name'
import { Notice } from './notice'
import { EndField, NOBODY } from './paths'
import { Sources } from './said'

type Step = { day: string; payment: TracedPayment } | { day: string; event: FlowEvent }

export function FlowPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  useModel(bench.model)
  const [goal, setGoal] = useState(NOBODY)
  const body = { from: id, to: goal.id, as_of: bench.day }
  const answer = useAsked((signal) => ask<MoneyFlowAnswer>('v1/flows', { body, signal }), [id, goal.id, bench.day, bench.version])
  const { data } = answer
  useEffect(() => () => bench.stage?.highlight(null), [bench])
  const draw = ({ payments, start }: MoneyFlowAnswer): void => {
    const nodes = [...new Set([...start, ...payments.flatMap(({ payer, payee }) => [payer, payee])])]
    void bench.attempt(() => bench.light(nodes, payments.map(({ link }) => link)))
  }
  const steps: Step[] = [
    ...(data?.payments ?? []).map((payment) => ({ day: payment.first, payment })),
    ...(data?.events ?? []).map((event) => ({ day: event.first, event })),
  ].sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)))
  return (
    <article class="flow">
      <Title bench={bench} id={id} word="flow.title" caption={data?.captions[id]} />
      <p class="quiet">{t('flow.note')}{data?.as_of && ` ${t('stage.day', { day: data.as_of })}`}</p>
      <EndField label={t('flow.to')} end={goal} onEnd={setGoal} />
      <Notice answer={answer} />
      {data && (
        <>
          {!data.payments.length && <p>{t('flow.none')}</p>}
          {data.payments.length > 0 && <div class="row"><button type="button" class="primary" onClick={() => draw(data)}>{t('flow.draw')}</button></div>}
          {Object.entries(data.totals).map(([currency, { paid, arrived, returned }]) => (
            <dl class="facts" key={currency}>
              <dt>{t('flow.paid')}</dt><dd>{money(paid)}</dd>
              <Traced title={t('flow.arrived')} traced={arrived} />
              {Object.values(returned).some(({ high }) => high !== '0') && <Traced title={t('flow.returned')} traced={returned} />}
            </dl>
          ))}
          <ol class="steps">
            {steps.map((step, place) => (
              <li key={place}>{'payment' in step ? <Payment props={props} found={data} payment={step.payment} /> : <Event found={data} event={step.event} />}</li>
            ))}
          </ol>
          {data.held.length > 0 && (
            <Part title={t('flow.held')}>
              <ul>{data.held.map((one) => <li key={one.account}><Name props={props} id={one.account} caption={owned(data, one.account)} /><dl class="facts"><Traced title={t('flow.traced')} traced={one.traced} /></dl></li>)}</ul>
            </Part>
          )}
          {data.untraced.length > 0 && (
            <Part title={t('flow.untraced', { count: data.untraced.length })} closed>
              <ul>{data.untraced.map((one) => <li key={one.link}>{ends(data, one.link)}: {sentenceWords(one.why)} <Sources said={data.links[one.link]?.said ?? []} /></li>)}</ul>
            </Part>
          )}
          {data.unresolved.length > 0 && (
            <Part title={t('flow.unresolved', { count: data.unresolved.length })} closed>
              <ul>
                {data.unresolved.map((one, place) => (
                  <li key={place}>{one.dates.join(', ')} <bdi>{one.payer}</bdi> → <bdi>{one.payee}</bdi>, {one.amounts.map((amount) => valueWords('amount', amount)).join(' / ')} <bdi class="quiet">{one.place || one.source}</bdi></li>
                ))}
              </ul>
            </Part>
          )}
          {Object.entries(data.rejected).map(([source, count]) => <p class="quiet" key={source}>{t('flow.rejected', { source, count })}</p>)}
          <ul class="quiet">{[...data.assumptions, ...data.not_understood].map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul>
        </>
      )}
    </article>
  )
}

function Payment({ props, found, payment }: { props: PartProps; found: MoneyFlowAnswer; payment: TracedPayment }) {
  const { link, first, last, rate, unordered } = payment
  return (
    <>
      <strong>{first === last ? first : t('period.both', { from: first, to: last })}</strong>{' '}
      {money(payment.amount)}{rate && ` (${sentenceWords(rate)})`}
      <button type="button" class="name says" onClick={() => props.choose([link], 'link')}>
        {end(found, payment.payer, payment.payer_account)} → {end(found, payment.payee, payment.payee_account)}
      </button>
      {unordered && <p class="contradiction">{t('flow.unordered')}</p>}
      <dl class="facts"><Traced title={t('flow.traced')} traced={payment.traced} /></dl>
      <Sources said={found.links[link]?.said ?? []} />
    </>
  )
}

function Event({ found, event }: { found: MoneyFlowAnswer; event: FlowEvent }) {
  const name = (id: string): string => found.captions[id] ?? id
  const { first, last, stage, what } = event
  return (
    <div class="event">
      <strong>{first === last ? first : t('period.both', { from: first, to: last })}</strong>{' '}
      <bdi>{name(event.about)}</bdi>: {sentenceWords(event.kind)}: <bdi>{name(event.other)}</bdi> ({tOr(`event.${what}`, propertyWord(what.replaceAll(' ', '_')))}){stage && <>, <bdi>{sentenceWords(stage)}</bdi></>}
      {Object.entries(event.moved).map(([currency, { payments, possibly, traced }]) => (
        <dl class="facts" key={currency}><Traced title={t('flow.then', { count: payments, possibly, currency })} traced={traced} /></dl>
      ))}
      <Sources said={found.links[event.link]?.said ?? []} />
    </div>
  )
}

/** What the rules trace: once where all agree, else rule by rule. */
function Traced({ title, traced }: { title: string; traced: Record<string, MoneyRange> }) {
  const rules = Object.entries(traced)
  if (!rules.length) return null
  const told = rules.map(([rule, amount]) => [t(`flow.rule.${rule as 'fifo' | 'pro-rata' | 'lowest-balance'}`), money(amount)] as const)
  const isOne = new Set(told.map(([, amount]) => amount)).size === 1
  return (
    <>
      <dt>{title}</dt>
      {isOne ? <dd>{told[0]![1]} <span class="quiet">{t('flow.all-rules')}</span></dd> : told.map(([rule, amount]) => <dd key={rule}>{amount} <span class="quiet">{rule}</span></dd>)}
    </>
  )
}

/** An account with whose it is. */
function owned(found: MoneyFlowAnswer, id: string): string {
  const [owner, name] = [found.accounts[id], found.captions[id] ?? id]
  return owner ? t('flow.of', { name, owner: found.captions[owner] ?? owner }) : isolatedName(name)
}

/** Who pays or is paid, with the account that the payment names. */
const end = (found: MoneyFlowAnswer, id: string, account: string): string => (
  owned(found, id) + (account && ` (${isolatedName(found.captions[account] ?? account)})`)
)

const ends = (found: MoneyFlowAnswer, id: string): string => {
  const link = found.links[id]
  return link ? `${owned(found, link.from)} → ${owned(found, link.to)}` : id
}

/** `USD 50`, `USD 0 to 37.50`, or `USD 0 or more`; without a currency, unknown. */
function money({ low, high, currency }: MoneyRange): string {
  if (!currency) return t('flow.unknown')
  if (high === null) return t('flow.least', { amount: `${currency} ${grouped(low)}` })
  return `${currency} ${between(low, high)}`
}
