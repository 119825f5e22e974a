/** The language of the page. */
import { useState } from 'preact/hooks'
import { currentLanguage, setLanguage, t } from '../words'

export function LanguageSwitch() {
  const [isMissing, setMissing] = useState(false)
  const other = currentLanguage() === 'en' ? 'zh' : 'en'
  const change = (): void => {
    setMissing(false)
    setLanguage(other).catch(() => setMissing(true))
  }
  return (
    <>
      <button type="button" class="plain" lang={other === 'zh' ? 'zh-Hans' : 'en'} onClick={change}>
        {other === 'zh' ? '中文' : 'English'}
      </button>
      {isMissing && <span role="alert">{t('ask.unreachable')}</span>}
    </>
  )
}
