/** Who seeks and accuses a party, and who says that it is cleared; for others, that these sources accuse them of nothing. */
import type { PartProps } from '../explorer'
import type { LinkOut, ClaimOut } from '../types'
import { entityAddress } from '../workbench'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { SourceLine } from './said'

interface Links {
  links: LinkOut[]
  captions: Record<string, string>
  link_claims: Record<string, ClaimOut[]>
  next: string | null
}

export function Accusations({ bench, id, sought }: PartProps & { id: string; sought: readonly string[] }) {
  const answer = useAnswer<Links>(`${entityAddress(id)}/links?direction=out&type=ACCUSED_OF&limit=50`, bench.version)
  const links = answer.data?.links ?? []
  if (!answer.data) return answer.message ? <p class="trouble" role="alert">{answer.message}</p> : null
  if (!sought.length && !links.length) return <p class="cleared">{t('accused.not')}</p>
  const captions = answer.data.captions
  return (
    <section class="accusations">
      <h3>{t('accused.title')}</h3>
      <ul>
        {sought.map((sentence) => <li key={sentence}><bdi>{sentence}</bdi></li>)}
        {links.map((link) => {
          const claims = answer.data?.link_claims[link.id] ?? []
          const said = claims.length ? claims : link.said.map((one) => ({ ...one, properties: link.properties }))
          return said.map((one, place) => (
            <li key={`${link.id} ${place}`} class={one.properties['stage']?.includes('cleared') ? 'cleared' : ''}>
              {accusation(one.properties, one.source, captions[link.to] ?? '')} <SourceLine said={one} />
            </li>
          ))
        })}
      </ul>
      <p class="quiet">{t('accused.note')}{answer.data.next ? ` ${t('accused.more')}` : ''}</p>
    </section>
  )
}

/** One source's word, as what it is: somebody's. */
function accusation(properties: Record<string, string[]>, source: string, offence: string): string {
  const by = (properties['said_by'] ?? []).join(', ') || source
  const stages = properties['stage'] ?? []
  if (stages.includes('cleared')) return t('accused.cleared', { offence, by })
  if (stages.includes('convicted')) return t('accused.convicted', { offence, by })
  const stage = stages.filter((one) => one !== 'alleged').map((one) => tOr(`accusation.${one}`, one)).join(', ')
  return t(stage ? 'accused.stage' : 'accused.alleged', { offence, by, stage })
}
