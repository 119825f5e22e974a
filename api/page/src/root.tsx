/** Who asks: the log-in where the service wants a key, else the explorer. */
import { useEffect, useState } from 'preact/hooks'
import { Refused, ask, atSessionEnd, messageOf } from './ask'
import { Explorer } from './explorer'
import { LogIn } from './parts/login'
import type { SessionOut } from './types'
import { onLanguage, t } from './words'

type State = { kind: 'starting' } | { kind: 'login'; why: string } | { kind: 'open'; session: SessionOut } | { kind: 'failed'; why: string }

export function Root() {
  const [state, setState] = useState<State>({ kind: 'starting' })
  const [, spoken] = useState(0)
  const start = async () => {
    try {
      setState({ kind: 'open', session: await ask<SessionOut>('session') })
    } catch (error) {
      if (error instanceof Refused && error.status === 401) setState({ kind: 'login', why: '' })
      else setState({ kind: 'failed', why: messageOf(error) })
    }
  }
  useEffect(() => {
    atSessionEnd(() => setState({ kind: 'login', why: t('login.ended') }))
    void start()
    return onLanguage(() => spoken((count) => count + 1))
  }, [])
  if (state.kind === 'starting') return <p class="notice" role="status">{t('page.starting')}</p>
  if (state.kind === 'failed')
    return (
      <main class="notice">
        <h1>kg</h1>
        <p role="alert">{state.why}</p>
        <button onClick={() => void start()}>{t('page.again')}</button>
      </main>
    )
  if (state.kind === 'login') return <LogIn why={state.why} onOpen={(session) => setState({ kind: 'open', session })} />
  return <Explorer session={state.session} onLogOut={() => setState({ kind: 'login', why: t('login.out') })} />
}
