/** An answer that a part shows: asked when it appears or what it asks changes, with what went wrong in words. */
import { useEffect, useState } from 'preact/hooks'
import { ask, messageOf } from '../ask'

export interface Answered<T> {
  data: T | null
  message: string
  busy: boolean
}

/** What the service answers to an address; nothing while that is empty. Asked again when `again` changes. */
export function useAnswer<T>(address: string, again: unknown = 0): Answered<T> {
  const [state, setState] = useState<Answered<T>>({ data: null, message: '', busy: true })
  useEffect(() => {
    if (!address) {
      setState({ data: null, message: '', busy: false })
      return
    }
    const control = new AbortController()
    setState((now) => ({ ...now, busy: true }))
    ask<T>(address, { signal: control.signal }).then(
      (data) => setState({ data, message: '', busy: false }),
      (error: unknown) => {
        if (!control.signal.aborted) setState({ data: null, message: messageOf(error), busy: false })
      },
    )
    return () => control.abort()
  }, [address, again])
  return state
}
