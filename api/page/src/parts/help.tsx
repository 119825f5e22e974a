/** The keys, and how the picture is read. */
import { t, type Word } from '../words'

const KEYS: readonly (readonly [string, Word])[] = [
  ['/', 'help.search'], ['← → ↑ ↓', 'help.along'], ['Enter', 'help.open'], ['e', 'help.expand'], ['p', 'help.path'], ['c', 'help.connect'],
  ['f', 'help.filter'], ['t', 'help.table'], ['s', 'help.view'], ['x', 'help.pin'], ['h', 'help.hide'], ['Delete', 'help.remove'], ['u', 'help.undo'], ['r', 'help.redo'],
  ['+ − 0', 'help.zoom'], ['?', 'help.help'],
]

export function HelpPanel() {
  return (
    <article class="help">
      <h2>{t('help.title')}</h2>
      <dl class="keys">{KEYS.map(([key, word]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(word)}</dd></div>)}</dl>
      <h3>{t('help.reading')}</h3>
      <ul>
        <li>{t('help.word')}</li>
        <li>{t('help.grades')}</li>
        <li>{t('help.mouse')}</li>
        <li>{t('help.audit')}</li>
      </ul>
      <p><a href="page/LICENSES.txt" target="_blank" rel="noreferrer noopener">{t('help.licences')}</a></p>
    </article>
  )
}
