/** What the page says, in the language of its reader: English or Chinese. */
import en from './words/en.json'
import ontologyZh from './words/ontology.zh.json'
import stageEn from './words/stage.en.json'
import stageZh from './words/stage.zh.json'
import zh from './words/zh.json'

type Language = 'en' | 'zh'
export type Word = keyof typeof en | keyof typeof stageEn

const WORDS: Record<Language, Record<string, string>> = {
  en: { ...en, ...stageEn },
  zh: { ...zh, ...stageZh, ...ontologyZh },
}

let language: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
const listeners = new Set<() => void>()

export function currentLanguage(): Language {
  return language
}

export function setLanguage(chosen: Language): void {
  language = chosen
  document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en'
  listeners.forEach((listener) => listener())
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The words for a key, with values in the places of {names}; of `{name|one|many}`, the first for 1, else the second. */
export function t(key: Word, values: Record<string, string | number> = {}): string {
  const counted = (WORDS[language][key] ?? key).replace(
    /\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many),
  )
  return counted.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The same for a key that is put together while the page runs; what has no words stands for itself. */
export function tOr(key: string, otherwise: string): string {
  return WORDS[language][key] ?? otherwise
}
