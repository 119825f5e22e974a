/** The log-in: a key, the case and the purpose that the audit log notes with every question. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ask, messageOf } from '../ask'
import type { SessionOut } from '../types'
import { t } from '../words'
import { LanguageSwitch } from './language'

export function LogIn({ why, onOpen }: { why: string; onOpen(session: SessionOut): void }) {
  const [message, setMessage] = useState(why)
  const [busy, setBusy] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => first.current?.focus(), [])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const field = (name: string) => String(new FormData(form).get(name) ?? '').trim()
    setBusy(true)
    setMessage('')
    try {
      onOpen(await ask<SessionOut>('session', { body: { key: field('key'), case: field('case'), purpose: field('purpose') } }))
    } catch (error) {
      setMessage(messageOf(error))
      first.current?.focus()
    } finally {
      setBusy(false)
    }
  }
  return (
    <main class="login">
      <header>
        <h1>{t('page.title')}</h1>
        <LanguageSwitch />
      </header>
      <form onSubmit={(event) => void submit(event)} aria-describedby="login-note">
        <label>
          {t('login.key')}
          <input ref={first} name="key" type="password" autocomplete="off" required spellcheck={false} />
        </label>
        <label>
          {t('login.case')}
          <input name="case" maxLength={200} autocomplete="off" />
        </label>
        <label>
          {t('login.purpose')}
          <input name="purpose" maxLength={200} autocomplete="off" />
        </label>
        <p id="login-note" class="quiet">{t('login.note')}</p>
        {message && <p class="trouble" role="alert">{message}</p>}
        <button class="primary" disabled={busy}>{t('login.open')}</button>
      </form>
    </main>
  )
}
