/** Asks the service: at most four requests at once, again after the time that it names, errors as it words them. */
import { problemWords, readAnswer, sentenceWords } from './sentences'
import { t } from './words'
import type { Problem } from './types'

const AT_ONCE = 4
const MOST_TRIES = 6
const LONGEST_WAIT = 60
/** Milliseconds without a touch after which the page asks by itself, and no longer for somebody who uses it. */
const ATTENDED = 60_000

let touched = Date.now()
for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'input']) {
  addEventListener(event, () => { touched = Date.now() }, { capture: true, passive: true })
}
const unattended = (): Record<string, string> => (Date.now() - touched < ATTENDED ? {} : { 'Kg-Unattended': '1' })

/** An answer that is none: the words of the service, or of this page where no service answered. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem?: Problem,
  ) {
    super(message)
  }
}

export interface Traffic {
  running: number
  /** Seconds until the next try, and why it waits; 0 where nothing waits. */
  waiting: number
  why: '' | 'busy' | 'loading'
}

let traffic: Traffic = { running: 0, waiting: 0, why: '' }
const listeners = new Set<(traffic: Traffic) => void>()
const queue: (() => void)[] = []
let onSessionEnd: () => void = () => undefined

export function onTraffic(listener: (traffic: Traffic) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is to happen once the service no longer knows the session. */
export function atSessionEnd(action: () => void): void {
  onSessionEnd = action
}

function tell(change: Partial<Traffic>): void {
  traffic = { ...traffic, ...change }
  listeners.forEach((listener) => listener(traffic))
}

async function turn(signal?: AbortSignal): Promise<void> {
  if (traffic.running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
  tell({ running: traffic.running + 1 })
  if (signal?.aborted) {
    leave()
    throw signal.reason
  }
}

function leave(): void {
  tell({ running: traffic.running - 1 })
  queue.shift()?.()
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}

interface Request {
  body?: unknown
  method?: string
  signal?: AbortSignal | undefined
}

/** What the service answers. Throws Refused, or the reason of the signal. */
export async function ask<T>(address: string, request: Request = {}): Promise<T> {
  const { body, signal } = request
  for (let tries = 1; ; tries += 1) {
    await turn(signal)
    let response: Response
    try {
      response = await fetch(address, {
        method: request.method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...unattended() },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
        credentials: 'same-origin',
      })
      if (response.ok) return (response.status === 204 ? undefined : readAnswer(await response.text())) as T
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Refused(0, t('ask.unreachable'))
    } finally {
      leave()
    }
    const problem = await readProblem(response)
    if (response.status === 401 && address !== 'session') onSessionEnd()
    const seconds = Number(response.headers.get('Retry-After') ?? 0)
    const again = (response.status === 429 || response.status === 503) && seconds > 0 && seconds <= LONGEST_WAIT
    if (!again || tries >= MOST_TRIES) throw new Refused(response.status, problem ? problemWords(problem.status, problem.detail) : `${response.status}`, problem)
    // A store that is loading says one second; a page that asks each second would be in its way.
    const waiting = response.status === 503 ? Math.max(seconds, Math.min(2 ** tries, 15)) : seconds
    tell({ waiting, why: response.status === 429 ? 'busy' : 'loading' })
    try {
      await pause(waiting, signal)
    } finally {
      tell({ waiting: 0, why: '' })
    }
  }
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  try {
    return (await response.json()) as Problem
  } catch {
    return undefined
  }
}

/** What went wrong, in words. */
export const messageOf = (error: unknown): string => (sentenceWords(error instanceof Error ? error.message : String(error)))

/** A part of an address. */
export function part(text: string): string {
  return encodeURIComponent(text)
}

/** The query of an address, without what is empty. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return pairs.length ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : ''
}
