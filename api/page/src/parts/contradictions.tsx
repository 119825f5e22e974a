/** What sources say that cannot all be true. */
import { sentenceWords } from '../sentences'
import { t } from '../words'

export function Contradictions({ sentences }: { sentences: readonly string[] }) {
  if (!sentences.length) return null
  return (
    <section class="contradictions">
      <h3>{t('entity.contradictions')}</h3>
      <ul>{sentences.map((sentence) => <li key={sentence}><bdi>{sentenceWords(sentence)}</bdi></li>)}</ul>
    </section>
  )
}
