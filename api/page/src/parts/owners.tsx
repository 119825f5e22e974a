/** Who owns an asset or enterprise through all chains, and what a party holds: from so much to so much, with the chains. */
import { useEffect } from 'preact/hooks'
import type { PartProps } from '../explorer'
import { query } from '../ask'
import { sentenceWords } from '../sentences'
import type { ArrangementRole, Holding, LinkOut, OwnershipAnswer, Share } from '../types'
import { figure, valueWords } from '../values'
import { entityAddress } from '../workbench'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { useModel } from './drawn'
import { Contradictions } from './contradictions'
import { Part } from './entity'
import { wayWords } from './expand'
import { Name, Title } from './name'
import { Notice } from './notice'
import { Sources } from './said'

export function OwnersPanel(props: PartProps & { id: string; which: 'owners' | 'holdings' }) {
  const { bench, id, which } = props
  useModel(bench.model)
  const answer = useAnswer<OwnershipAnswer>(`${entityAddress(id)}/${which}${query({ as_of: bench.day, limit: 50 })}`, bench.version)
  const { data } = answer
  useEffect(() => () => bench.stage?.highlight(null), [bench])
  return (
    <article class="owners">
      <Title bench={bench} id={id} word={which === 'owners' ? 'owners.title' : 'holdings.title'} caption={data?.captions[id]} />
      <p class="quiet">{bench.day ? t('stage.day', { day: bench.day }) : data && t('stage.day', { day: data.as_of })}</p>
      <Notice answer={answer} />
      {data && (
        <>
          <Contradictions sentences={[...new Set(contradictions(data))]} />
          {!data.holdings.length && <p>{t(which === 'owners' ? 'owners.none' : 'holdings.none')}</p>}
          <ul class="holders">{data.holdings.map((one) => <HoldingLine key={one.holder + one.held} props={props} holding={one} found={data} which={which} />)}</ul>
          {data.arrangements.length > 0 && (
            <Part title={t('owners.arrangements', { count: data.arrangements.length })}>
              <ul class="holders">{data.arrangements.map((one) => <PartLine key={one.link} part={one} found={data} />)}</ul>
            </Part>
          )}
          {Object.entries(data.unaccounted).filter(([, share]) => share.high > 0).map(([interest, share]) => (
            <p class="quiet" key={interest}>{t('owners.unaccounted', { interest: tOr(`interest.${interest}`, interest), share: shareWords(share) })}</p>
          ))}
          {[...data.caveats, ...data.not_understood].map((one) => <p class="quiet" key={one}><bdi>{sentenceWords(one)}</bdi></p>)}
          {data.unresolved.map((one) => (
            <p class="quiet" key={one.source + one.holder + one.held}>{t(which === 'owners' ? 'owners.unresolved' : 'holdings.unresolved', { source: one.source, held: one.held, holder: one.holder, share: one.share.join(' / ') || t('owners.unstated'), place: one.place })}</p>
          ))}
          {data.more && <p class="quiet">{t('owners.more')}</p>}
        </>
      )}
    </article>
  )
}

function HoldingLine({ props, holding, found, which }: { props: PartProps; holding: Holding; found: OwnershipAnswer; which: 'owners' | 'holdings' }) {
  const { bench } = props
  const other = which === 'owners' ? holding.holder : holding.held
  const caption = (id: string): string => found.captions[id] ?? id
  const nodes = [...new Set(holding.chains.flatMap((chain) => chain.steps.flatMap((step) => [step.holder, step.held])))]
  const links = holding.chains.flatMap((chain) => chain.steps.flatMap((step) => step.links))
  return (
    <li>
      <Name props={props} id={other} caption={caption(other)} type={bench.model.nodes.get(other)?.type} />
      <div>{t('owners.shares', { beneficial: shareWords(holding.beneficial), legal: shareWords(holding.legal) })}</div>
      <Part title={t('owners.chains', { count: holding.chains.length })} closed>
        <ul>
          {holding.chains.map((chain, number) => (
            <li key={number}>
              <span class="quiet">{chain.interests.map((one) => tOr(`interest.${one}`, one)).join(', ')}: </span>
              <bdi>{caption(chain.steps[0]?.holder ?? '')}</bdi>
              {chain.steps.map((step) => <span key={step.held}> → {shareWords(step.share)} → <bdi>{caption(step.held)}</bdi></span>)}
              <span class="quiet"> = {shareWords(chain.share)}</span>
              <ul class="claims">
                {chain.steps.map((step) => (
                  <li key={step.holder + step.held}>
                    <bdi>{caption(step.holder)}</bdi> → <bdi>{caption(step.held)}</bdi> <span class="quiet">{t('owners.counted', { share: shareWords(step.share) })}</span>
                    {step.links.map((link) => <StepSources key={link} link={found.links[link]} />)}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        <button type="button" onClick={() => void bench.attempt(() => bench.light(nodes, links))}>{t('owners.draw')}</button>
      </Part>
    </li>
  )
}

/** The part that a party has in an arrangement, with what the arrangement holds: no share is made of it. */
function PartLine({ part, found }: { part: ArrangementRole; found: OwnershipAnswer }) {
  const link = found.links[part.link]
  const name = (id: string) => <bdi>{found.captions[id] ?? id}</bdi>
  return link ? (
    <li>
      {name(part.party)} <span class="quiet">{wayWords(link.type, 'out', link.properties['role'])}</span> {name(part.arrangement)}
      {part.held.map((id) => <span key={id}> → {name(id)}</span>)}
      {part.holds_title && <div class="quiet">{t('owners.trustee')}</div>}
      <Sources said={link.said} />
    </li>
  ) : null
}

/** Who says a step of a chain, with the grades and the share as it is stated: what is counted of it may be less. */
function StepSources({ link }: { link: LinkOut | undefined }) {
  if (!link) return null
  const shares = link.properties['share'] ?? []
  return (
    <div>
      <span class="quiet">{wayWords(link.type, 'out', link.properties['role'])}, {shares.length ? t('owners.stated', { share: shares.map((one) => valueWords('share', one)).join(', ') }) : t('owners.unstated')}: </span>
      <Sources said={link.said} />
    </div>
  )
}

/** What of the shares and of the links cannot all be true. */
function contradictions(found: OwnershipAnswer): string[] {
  const caption = (id: string): string => found.captions[id] ?? id
  const sources = (links: readonly string[]): string => (
    [...new Set(links.flatMap((link) => found.links[link]?.said.map((said) => said.source) ?? []))].sort().join(', ')
  )
  return [
    ...found.beyond.map((one) => t('owners.beyond', {
      held: caption(one.held), interest: tOr(`interest.${one.interest}`, one.interest), count: one.owners,
      percent: figure(one.percent), sources: sources(one.links),
    })),
    ...found.disputes.map((one) => t('owners.dispute', {
      holder: caption(one.holder), held: caption(one.held),
      shares: one.said.map(([source, share]) => `${shareWords(share)} (${source})`).join(', '),
    })),
    ...found.crowded.map((one) => t('owners.crowded', {
      holder: caption(one.holder), held: caption(one.held), sources: sources(one.links),
    })),
    ...found.contradictions.map((one) => one.says),
  ]
}

function shareWords({ low, high }: Share): string {
  return low === high ? `${figure(low)} %` : `${figure(low)}–${figure(high)} %`
}
