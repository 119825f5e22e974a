/** What the page says, in the language of its reader: English, or Chinese, which is loaded once it is wanted. */
import en from './words/en.json'
import stageEn from './words/stage.en.json'

/** The address of what chinese.mjs puts together. */
declare const CHINESE: string

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
  /** Names and questions of the law as the service says them, and what they are in the language. */
  texts: Record<string, string>
  answers: Record<string, FactAnswers>
}

const ENGLISH: Words = { words: { ...en, ...stageEn }, rules: {}, texts: {}, answers: {} }

let language: Language = 'en'
let current = ENGLISH
let chinese: Words | undefined
const listeners = new Set<() => void>()

export function currentLanguage(): Language {
  return language
}

/** The words of the language that is spoken. */
export const currentWords = (): Words => current

/** Speak a language. Throws where its words cannot be loaded; then nothing has changed. */
export async function setLanguage(chosen: Language): Promise<void> {
  if (chosen === 'zh') chinese ??= await load()
  language = chosen
  current = (chosen === 'zh' && chinese) || ENGLISH
  document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en'
  listeners.forEach((listener) => listener())
}

async function load(): Promise<Words> {
  const response = await fetch(CHINESE)
  if (!response.ok) throw new Error(`${CHINESE}: ${response.status}`)
  return (await response.json()) as Words
}

/** Speak the language of the browser; English where the words of another do not come. */
export async function startLanguage(): Promise<void> {
  if (navigator.language.toLowerCase().startsWith('zh')) await setLanguage('zh').catch(() => undefined)
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

/** A text with values in the places of {names}, and the form of a word that their number needs. */
export function filled(text: string, values: Record<string, string | number>): string {
  const counted = text.replace(
    /\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many),
  )
  return counted.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
