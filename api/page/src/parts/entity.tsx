/** What is said of a node, by whom, graded, since when; who seeks, accuses and cleared; and what can be asked next. */
import type { ComponentChildren } from 'preact'
import type { PartProps } from '../explorer'
import { sentenceWords } from '../sentences'
import { propertyWord, typeWord } from '../stage/draw'
import { nodeLook, type GraphNode } from '../stage/graph'
import type { ClaimOut, EntityAnswer } from '../types'
import { togglePin } from '../pin'
import { valueWords } from '../values'
import { entityAddress } from '../workbench'
import { t, tOr } from '../words'
import { Accusations } from './accusations'
import { useAnswer } from './answer'
import { Contradictions } from './contradictions'
import { useModel } from './drawn'
import { Expand } from './expand'
import { Mark } from './mark'
import { Name } from './name'
import { Notice } from './notice'
import { Rivals, Suggested } from './review'
import { SourceLine } from './said'

export function EntityPanel(props: PartProps & { id: string }) {
  const { bench, id, show } = props
  useModel(bench.model)
  const drawn = bench.model.nodes.get(id)
  const answer = useAnswer<EntityAnswer>(id ? entityAddress(id) : '', bench.version)
  if (!id) return <p class="quiet">{t('entity.none')}</p>
  const { data } = answer
  const type = data?.entity.type ?? drawn?.type ?? ''
  const kinds = [type, ...(type ? nodeLook(type).ancestors : [])]
  return (
    <article class="entity">
      <h2><Mark type={type} /> <bdi>{data?.entity.caption ?? drawn?.caption}</bdi></h2>
      <p class="quiet">
        {type && typeWord(type)}
        {(bench.day && drawn ? drawn.sought : data && data.entity.sought_under.length > 0) && <strong class="badge sought">{t('entity.sought')}</strong>}
      </p>
      {bench.day && <p class="notice">{t('entity.today', { day: bench.day, today: bench.model.today })}</p>}
      <div class="row actions">
        <button type="button" class="primary" aria-keyshortcuts="e" onClick={() => void bench.attempt(() => bench.expand(id))}>{t('entity.expand')}</button>
        <button type="button" aria-keyshortcuts="p" onClick={() => show('path', id)}>{t('entity.path')}</button>
        {kinds.includes('Person') && <><button type="button" onClick={() => show('dossier', id)}>{t('dossier.title')}</button> <button type="button" onClick={() => show('routes', id)}>{t('entity.routes')}</button></>}
        {['Party', 'BankAccount', 'CryptoWallet'].some((kind) => kinds.includes(kind)) && <button type="button" onClick={() => show('flow', id)}>{t('entity.flow')}</button>}
        {(kinds.includes('Asset') || kinds.includes('Enterprise')) && <button type="button" onClick={() => show('owners', id)}>{t('entity.owners')}</button>}
        {kinds.includes('Party') && <button type="button" onClick={() => show('holdings', id)}>{t('entity.holdings')}</button>}
        {drawn && <button type="button" aria-keyshortcuts="x" onClick={() => togglePin(bench, id)}>{t(bench.model.positions.get(id)?.pinned ? 'entity.unpin' : 'entity.pin')}</button>}
        {drawn && <button type="button" aria-keyshortcuts="h" onClick={() => bench.model.hide([id])}>{t('entity.hide')}</button>}
      </div>
      <Notice answer={answer} />
      {data && <Told {...props} data={data} drawn={drawn} kinds={kinds} />}
    </article>
  )
}

function Told(props: PartProps & { id: string; data: EntityAnswer; drawn: GraphNode | undefined; kinds: string[] }) {
  const { data, kinds, id } = props
  return (
    <>
      {kinds.includes('Party') && <Accusations {...props} sought={data.sought} former={data.formerly_sought} />}
      <Contradictions sentences={data.contradictions} />
      {data.joins.map((one) => <p class="quiet" key={one}><bdi>{sentenceWords(one)}</bdi></p>)}
      <Part title={t('expand.title')}><Expand {...props} id={id} /></Part>
      <Part title={t('entity.facts')}><Facts claims={data.claims} /><Remarks claims={data.claims} /></Part>
      {data.suggestions.length > 0 && (
        <Part title={t('entity.suggestions')}>
          <ul>
            {data.suggestions.map((one) => (
              <li key={one.id}>
                <Name props={props} id={one.other} caption={one.caption} /> <span class="quiet"><Suggested match={one} /></span>
                <Rivals props={props} rivals={one.rivals} bits={one.bits} />
                <ul class="quiet">{one.reasons.map((reason) => <li key={reason}><bdi>{sentenceWords(reason)}</bdi></li>)}</ul>
              </li>
            ))}
          </ul>
          <p class="quiet">{t('entity.suggestion.note')}</p>
          <button type="button" onClick={() => props.show('review', id)}>{t('start.review')}</button>
        </Part>
      )}
      {data.judgements.length > 0 && (
        <Part title={t('entity.judgements')}>
          <ul>
            {data.judgements.map((one) => (
              <li key={one.number}>{t('entity.judgement', { kind: tOr(`judgement.${one.kind}`, one.kind), one: one.one.join(':'), other: one.other.join(':'), by: one.by, day: one.day, state: tOr(`judgement.${one.state}`, one.state) })} <bdi class="quiet">{one.why}</bdi></li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t('entity.records', { count: data.claims.length })} closed>
        <ul class="claims">{data.claims.map((claim, place) => <li key={place}><SourceLine said={claim} /> <span class="quiet"><bdi>{claim.namespace}:{claim.key}</bdi>{claim.since && ` · ${t('said.since', { day: claim.since })}`}</span></li>)}</ul>
      </Part>
    </>
  )
}

/** A part under a heading that can be closed. */
export function Part({ title, children, closed = false }: { title: string; children: ComponentChildren; closed?: boolean }) {
  return (
    <details class="part" open={!closed}>
      <summary><h3>{title}</h3></summary>
      {children}
    </details>
  )
}

interface Value {
  text: string
  /** Whether it is as the source wrote it, and was not understood. */
  isUnread: boolean
  claims: ClaimOut[]
}

/** Each property with its values, and for each value who says it. */
function Facts({ claims }: { claims: readonly ClaimOut[] }) {
  const found = new Map<string, Value[]>()
  for (const claim of claims) {
    const read = Object.entries(claim.properties).map(([name, values]) => ({ name, values, isUnread: false }))
    const unread = claim.not_understood.map((one) => ({ name: one.property || one.name, values: [`“${one.words}” ${t('entity.unread')}`], isUnread: true }))
    for (const { name, values, isUnread } of [...read, ...unread]) {
      const known = found.get(name) ?? []
      found.set(name, known)
      for (const text of values) {
        const same = known.find((value) => value.text === text)
        if (same) same.claims.push(claim)
        else known.push({ text, isUnread, claims: [claim] })
      }
    }
  }
  if (!found.size) return <p class="quiet">{t('entity.facts.none')}</p>
  return (
    <dl class="facts">
      {[...found].map(([name, values]) => (
        <div key={name}>
          <dt>{propertyWord(name)}</dt>
          {values.map((value) => (
            <dd key={value.text}>
              <bdi>{value.isUnread ? value.text : valueWords(name, value.text)}</bdi>
              <span class="by">{value.claims.map((claim, place) => <SourceTag key={place} claim={claim} />)}</span>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}

/** What was noted of values that were read and kept, and whose they are. */
function Remarks({ claims }: { claims: readonly ClaimOut[] }) {
  const noted = claims.flatMap((claim) => claim.remarks.map((text) => ({ text, claim })))
  if (!noted.length) return null
  return (
    <section class="remarks">
      <h4>{t('entity.remarks')}</h4>
      <ul>{noted.map(({ text, claim }, place) => <li key={place}><bdi>{sentenceWords(text)}</bdi> <span class="by"><SourceTag claim={claim} /></span></li>)}</ul>
    </section>
  )
}

function SourceTag({ claim }: { claim: ClaimOut }) {
  const grade = `${claim.reliability}${claim.credibility}`
  const code = claim.handling !== 'open' ? ` · ${tOr(`handling.${claim.handling}`, claim.handling)}` : ''
  return <span class="tag" title={[claim.origin, claim.stated].filter(Boolean).join(', ')}><bdi>{claim.source}</bdi>{grade && ` ${grade}`}{code}</span>
}
