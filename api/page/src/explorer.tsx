/** The explorer: search, the picture, and what is said of what is selected. */
import { useState } from 'preact/hooks'
import { ask } from './ask'
import { LanguageSwitch } from './parts/language'
import { EntityPanel } from './parts/entity'
import { Search } from './parts/search'
import type { SessionOut } from './types'
import { t } from './words'

export function Explorer({ session, onLogOut }: { session: SessionOut; onLogOut(): void }) {
  const [selected, setSelected] = useState('')
  const logOut = async () => {
    await ask('session', { method: 'DELETE' })
    onLogOut()
  }
  return (
    <div class="explorer">
      <header class="top">
        <h1>{t('page.title')}</h1>
        <Search label={t('search.label')} onChoose={setSelected} fieldId="search" />
        <LanguageSwitch />
        {session.has_keys && <button onClick={() => void logOut()}>{t('login.leave', { name: session.key })}</button>}
      </header>
      <aside class="panel" aria-label={t('page.panel')}>{selected && <EntityPanel id={selected} />}</aside>
    </div>
  )
}
