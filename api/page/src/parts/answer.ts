/** What a part asks the service, with what went wrong in words. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, messageOf } from '../ask'

export interface Answered<T> {
  data: T | null
  message: string
  busy: boolean
}

/** What the service answers to an address; nothing while that is empty. Asked again when `again` changes. */
export function useAnswer<T>(address: string, again: unknown): Answered<T> {
  return useAsked(address ? (signal) => ask<T>(address, { signal }) : null, [address, again])
}

/** What comes of a question, where there is one: asked when the part appears, and again when what it depends on changes. */
export function useAsked<T>(question: ((signal: AbortSignal) => Promise<T>) | null, dependsOn: readonly unknown[]): Answered<T> {
  const [state, setState] = useState<Answered<T>>({ data: null, message: '', busy: true })
  useEffect(() => {
    if (!question) {
      setState({ data: null, message: '', busy: false })
      return
    }
    const control = new AbortController()
    setState((now) => ({ ...now, busy: true }))
    question(control.signal).then(
      (data) => setState({ data, message: '', busy: false }),
      (error: unknown) => {
        if (!control.signal.aborted) setState({ data: null, message: messageOf(error), busy: false })
      },
    )
    return () => control.abort()
  }, dependsOn)
  return state
}

export interface Action {
  busy: boolean
  message: string
  /** Whether it went well, or was ended. */
  run(action: (signal: AbortSignal) => Promise<void>): Promise<boolean>
}

/** Does what a reader asks for with a button: another one, or the end of the part, ends it. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [message, setMessage] = useState('')
  const latest = useRef<AbortController | null>(null)
  useEffect(() => () => latest.current?.abort(), [])
  const run = async (action: (signal: AbortSignal) => Promise<void>): Promise<boolean> => {
    latest.current?.abort()
    const control = new AbortController()
    latest.current = control
    setBusy(true)
    setMessage('')
    try {
      await action(control.signal)
      return true
    } catch (error) {
      if (!control.signal.aborted) setMessage(messageOf(error))
      return control.signal.aborted
    } finally {
      if (latest.current === control) setBusy(false)
    }
  }
  return { busy, message, run }
}
