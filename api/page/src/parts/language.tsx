/** The language of the page. */
import { currentLanguage, setLanguage } from '../words'

export function LanguageSwitch() {
  const other = currentLanguage() === 'en' ? 'zh' : 'en'
  return (
    <button type="button" class="plain" lang={other === 'zh' ? 'zh-Hans' : 'en'} onClick={() => setLanguage(other)}>
      {other === 'zh' ? '中文' : 'English'}
    </button>
  )
}
