/** Who seeks and accuses a party, and who says that it is cleared; for others, that these sources accuse them of nothing. */
import type { PartProps } from '../explorer'
import { sentenceWords } from '../sentences'
import type { LinksAnswer } from '../types'
import { entityAddress } from '../workbench'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { SourceLine } from './said'

export function Accusations({ bench, id, sought, former }: PartProps & { id: string; sought: readonly string[]; former: readonly string[] }) {
  const { data, message } = useAnswer<LinksAnswer>(`${entityAddress(id)}/links?direction=out&type=ACCUSED_OF&limit=50`, bench.version)
  if (!data) return message ? <p class="trouble" role="alert">{message}</p> : null
  const { links, captions } = data
  // Who is convicted is not told that an allegation is no verdict, and who is cleared of all has nothing left to be told.
  const isOpen = sought.length > 0 || former.length > 0 || links.some((link) => {
    const said = data.link_claims[link.id]?.map((one) => one.properties) ?? [link.properties]
    return said.some(({ stage = [] }) => !stage.includes('convicted') && !stage.includes('cleared'))
  })
  if (!sought.length && !former.length && !links.length) return <p class="cleared">{t('accused.not')}</p>
  return (
    <section class="accusations">
      <h3>{t('accused.title')}</h3>
      <ul>
        {sought.map((sentence) => <li key={sentence}><bdi>{sentenceWords(sentence)}</bdi></li>)}
        {former.map((sentence) => <li key={sentence} class="quiet"><bdi>{sentenceWords(sentence)}</bdi></li>)}
        {links.map((link) => {
          const claims = data.link_claims[link.id] ?? []
          const said = claims.length ? claims : link.said.map((one) => ({ ...one, properties: link.properties }))
          return said.map((one, place) => (
            <li key={`${link.id} ${place}`} class={one.properties['stage']?.includes('cleared') ? 'cleared' : ''}>
              {accusation(one.properties, one.source, captions[link.to] ?? '')} <SourceLine said={one} />
            </li>
          ))
        })}
      </ul>
      <p class="quiet">{isOpen && t('accused.note')}{data.next ? ` ${t('accused.more')}` : ''}</p>
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
