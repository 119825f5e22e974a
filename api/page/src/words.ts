/** What the page says, in the language of its reader, English or Chinese: each is loaded once it is wanted. */
import type en from './words/en.json'
import type stageEn from './words/stage.en.json'

/** The addresses of what dictionaries.mjs puts together. */
declare const ENGLISH: string
declare const CHINESE: string
declare const CHINESE_LAW: string

type Language = 'en' | 'zh'
export type Word = keyof typeof en | keyof typeof stageEn

/** The two answers to a fact of the law. */
interface FactAnswers {
  yes: string
  no: string
}

interface Words {
  words: Record<string, string>
  /** Patterns of the service's sentences, and what they are in the language. */
  rules: Record<string, string>
}

interface Law {
  /** Names and questions of the law as the service says them, and what they are in the language. */
  texts: Record<string, string>
  answers: Record<string, FactAnswers>
}

const ADDRESSES: Record<Language, string> = { en: ENGLISH, zh: CHINESE }
const NO_LAW: Law = { texts: {}, answers: {} }

const known = new Map<Language, Words>()
let language: Language = 'en'
let current: Words = { words: {}, rules: {} }
let law: Promise<Law> | undefined
let currentLaw = NO_LAW
const listeners = new Set<() => void>()

export function currentLanguage(): Language {
  return language
}

/** The words of the language that is spoken. */
export const currentWords = (): Words => current

/** Speak a language. Throws where its words cannot be loaded; then nothing has changed. */
export async function setLanguage(chosen: Language): Promise<void> {
  const words = known.get(chosen) ?? await load<Words>(ADDRESSES[chosen])
  known.set(chosen, words)
  language = chosen
  current = words
  document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en'
  listeners.forEach((listener) => listener())
}

async function load<T>(address: string): Promise<T> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  return (await response.json()) as T
}

/** The law in the language that is spoken; nothing while it has not come, and in English, in which the service says it. */
export const knownLaw = (): Law => (language === 'zh' ? currentLaw : NO_LAW)

/** Have the law in the language that is spoken before something of it is told. */
export async function speakLaw(): Promise<void> {
  if (language !== 'zh' || currentLaw !== NO_LAW) return
  law ??= load<Law>(CHINESE_LAW).catch(() => { law = undefined; return NO_LAW })
  currentLaw = await law
  listeners.forEach((listener) => listener())
}

/** Speak the language of the browser; English where the words of another do not come. */
export async function startLanguage(): Promise<void> {
  const isChinese = navigator.language.toLowerCase().startsWith('zh')
  await setLanguage(isChinese ? 'zh' : 'en').catch(() => setLanguage('en')).catch(() => undefined)
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The words for a key, with values in the places of {names}; of `{name|one|many}`, the first for 1, else the second. */
export function t(key: Word, values: Record<string, string | number> = {}): string {
  return filled(current.words[key] ?? key, values)
}

/** The same for a key that is put together while the page runs; what has no words stands for itself. */
export function tOr(key: string, otherwise: string): string {
  return current.words[key] ?? otherwise
}

/** A name among other words: one that is written from the right to the left turns none of them round. */
export const isolatedName = (name: string): string => (/^[^\u2068]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(name) ? `\u2068${name}\u2069` : name)

/** A text with values in the places of {names}, and the form of a word that their number needs. */
export function filled(text: string, values: Record<string, string | number>): string {
  const counted = text.replace(
    /\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many),
  )
  return counted.replace(/\{(\w+)\}/g, (whole, name: string) => isolatedName(String(values[name] ?? whole)))
}
