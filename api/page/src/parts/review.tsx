/** Pairs that may be one: what speaks for and against it, what a judgement would do, and the judgement. */
import { useState } from 'preact/hooks'
import { ask, query } from '../ask'
import type { PartProps } from '../explorer'
import { clauseWords, sentenceWords } from '../sentences'
import { propertyWord } from '../stage/draw'
import type { CandidatePair, CandidatePairsAnswer, EntityAnswer, Evidence, JudgementAnswer, Rival } from '../types'
import { entityAddress } from '../workbench'
import { t, tOr } from '../words'
import { useAction, useAnswer } from './answer'
import { Contradictions } from './contradictions'
import { Name } from './name'
import { Notice } from './notice'

const KINDS = ['same', 'distinct', 'unsure'] as const
type Kind = (typeof KINDS)[number]

export function ReviewPanel(props: PartProps & { node: string }) {
  const { bench, node } = props
  /** What was judged here: the graph that answers may be the one of a moment before. */
  const [judged, setJudged] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const answer = useAnswer<CandidatePairsAnswer>(`v1/candidates${query({ node, limit: 50 })}`, bench.version)
  const { data } = answer
  const pairs = (data?.pairs ?? []).filter((pair) => !judged.has(pair.id))
  const place = Math.min(at, Math.max(0, pairs.length - 1))
  const pair = pairs[place]
  return (
    <article class="review">
      <h2>{t('review.title')}</h2>
      <p class="quiet">{t('review.note')}</p>
      <Notice answer={answer} />
      {data && !pairs.length && <p>{t('review.none')}</p>}
      {data && pair && (
        <>
          <div class="row">
            <button type="button" disabled={!place} onClick={() => setAt(place - 1)}>{t('review.before')}</button>
            <span class="quiet">{t('review.place', { place: place + 1, total: data.total - (data.pairs.length - pairs.length) })}</span>
            <button type="button" disabled={place + 1 >= pairs.length} onClick={() => setAt(place + 1)}>{t('review.next')}</button>
          </div>
          <Pair key={pair.id} props={props} pair={pair} found={data} onJudged={() => setJudged((now) => new Set([...now, pair.id]))} />
        </>
      )}
    </article>
  )
}

function Pair({ props, pair, found, onJudged }: { props: PartProps; pair: CandidatePair; found: CandidatePairsAnswer; onJudged(): void }) {
  const { bench } = props
  const { match } = pair
  const ends = [match.one, match.other]
  const name = (id: string) => <Name props={props} id={id} caption={found.nodes[id]?.caption ?? id} type={found.nodes[id]?.type} />
  /** What is told of one of the two alone: two may bear one name. */
  const telling = (id: string): string => [
    ...match.evidence.filter((one) => one.one_value !== one.other_value).map((one) => (id === match.one ? one.one_value : one.other_value)),
    ...(found.nodes[id]?.jurisdictions ?? []),
  ].filter((told) => told && told !== found.nodes[id]?.caption).join(' · ')
  const evidence = (title: string, some: readonly Evidence[]) => some.length > 0 && (
    <>
      <h3>{title}</h3>
      <ul>{some.map((one) => <li key={one.feature}><strong>{tOr(`evidence.${one.feature}`, one.feature)}</strong> {one.bits > 0 ? '+' : '−'}{Math.abs(one.bits).toFixed(1)}: <bdi>{sentenceWords(one.says)}</bdi> <span class="quiet"><bdi>{one.one_value}</bdi> / <bdi>{one.other_value}</bdi></span></li>)}</ul>
    </>
  )
  return (
    <section class="pair">
      <ol class="pair-ends">{ends.map((id) => <li key={id}>{name(id)} {found.nodes[id]?.sought && <strong class="badge sought">{t('entity.sought')}</strong>} <span class="quiet"><bdi>{telling(id)}</bdi></span></li>)}</ol>
      <p><Suggested match={match} /> <span class="quiet">{t('review.bits', { bits: match.bits.toFixed(1), day: pair.since })}</span></p>
      <Rivals props={props} rivals={match.rivals} bits={match.bits} />
      <div class="row"><button type="button" onClick={() => void bench.attempt(() => bench.draw(ends))}>{t('review.draw')}</button></div>
      {evidence(t('review.for'), match.evidence.filter((one) => one.bits > 0))}
      {evidence(t('review.against'), match.evidence.filter((one) => one.bits <= 0))}
      {ends.map((id) => <Disputed key={id} props={props} id={id} />)}
      {match.missing.length > 0 && <p class="quiet">{t('review.missing', { missing: match.missing.map((one) => tOr(`evidence.${one}`, propertyWord(one.replaceAll(' ', '_')))).join(', ') })}</p>}
      {match.warnings.map((one) => <p class="contradiction" key={one}><bdi>{sentenceWords(one)}</bdi></p>)}
      {bench.session.may_judge ? <Judging props={props} pair={pair} onJudged={onJudged} /> : <Commands pair={pair} />}
    </section>
  )
}

/** What sources say of one of the two that cannot all be true: the other may agree with one of them alone. */
function Disputed({ props, id }: { props: PartProps; id: string }) {
  const { data } = useAnswer<EntityAnswer>(entityAddress(id), props.bench.version)
  return <Contradictions sentences={data?.contradictions ?? []} />
}

/** How probable it is that two are one: never quite sure. */
export function Suggested({ match: { capped, probability } }: { match: Pick<CandidatePair['match'], 'capped' | 'probability'> }) {
  return <>{t('entity.suggested', { percent: Math.min(99.9, Math.round(probability * 1000) / 10) })} {capped && <strong>{t(`capped.${capped}`)}</strong>}</>
}

/** Others of whom only one can be right. */
export function Rivals({ props, rivals, bits }: { props: PartProps; rivals: readonly Rival[]; bits: number }) {
  if (!rivals.length) return null
  return (
    <div class="contradiction">
      {t('review.rivals', { bits: bits.toFixed(1) })}
      <ul>{rivals.map((one) => <li key={one.id}><Name props={props} id={one.id} caption={one.caption} /> <span class="quiet">{t('review.rival.bits', { bits: one.bits.toFixed(1) })}</span></li>)}</ul>
    </div>
  )
}

/** First what a judgement would do, then the grounds, then the judgement. */
function Judging({ props, pair, onJudged }: { props: PartProps; pair: CandidatePair; onJudged(): void }) {
  const { bench } = props
  const [kind, setKind] = useState<Kind | ''>('')
  const [effect, setEffect] = useState<JudgementAnswer | null>(null)
  const [why, setWhy] = useState('')
  const { busy, message, run } = useAction()
  const body = (chosen: Kind, record: boolean) => ({ kind: chosen, one: pair.match.one, other: pair.match.other, why, record })
  const look = (chosen: Kind): Promise<boolean> => {
    setKind(chosen)
    setEffect(null)
    return run(async (signal) => setEffect(await ask<JudgementAnswer>('v1/judgements', { body: body(chosen, false), signal })))
  }
  const judge = (chosen: Kind): Promise<boolean> => run(async () => {
    const made = await ask<JudgementAnswer>('v1/judgements', { body: body(chosen, true) })
    bench.tell(t(made.missing ? 'review.waits' : 'review.judged', { number: made.number }))
    onJudged()
    await bench.look()
  })
  return (
    <div class="judging" aria-busy={busy}>
      <div class="row" role="group" aria-label={t('review.judge')}>
        {KINDS.map((one) => <button type="button" key={one} aria-pressed={kind === one} disabled={busy} onClick={() => void look(one)}>{t(`review.${one}`)}</button>)}
      </div>
      <Notice answer={{ busy, message }} />
      {kind && effect && (
        <>
          <p role="status">{t('review.would')} <bdi>{clauseWords(effect.says)}</bdi></p>
          {effect.contradictions.length > 0 && <ul class="contradictions">{effect.contradictions.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul>}
          {effect.evidence_against.length > 0 && <><p>{t('review.against')}</p><ul class="contradictions">{effect.evidence_against.map((one) => <li key={one}><bdi>{sentenceWords(one)}</bdi></li>)}</ul></>}
          {effect.missing && <p class="quiet">{t('review.second')}</p>}
          <form class="row" onSubmit={(event) => { event.preventDefault(); void judge(kind) }}>
            <label>{t('review.why')} <input value={why} maxLength={2000} autocomplete="off" onInput={(event) => setWhy(event.currentTarget.value)} /></label>
            <button class="primary" disabled={busy || !why.trim()}>{t('review.confirm', { kind: t(`review.${kind}`) })}</button>
          </form>
        </>
      )}
    </div>
  )
}

/** Where nobody may judge here: what to run instead. */
function Commands({ pair }: { pair: CandidatePair }) {
  return (
    <>
      <p class="quiet">{t('review.commands')}</p>
      <ul class="claims">{KINDS.map((kind) => <li key={kind}><code>{`kg ${kind} ${pair.match.one} ${pair.match.other} --by … --why …`}</code></li>)}</ul>
    </>
  )
}
