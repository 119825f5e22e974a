/** Sentences of the service in the reader's language: it answers in English, and what no rule knows stays so. */
import { propertyWord } from './stage/draw'
import { currentLanguage, tOr } from './words'
import rules from './words/sentences.zh.json'

const RULES = Object.entries(rules).map(([pattern, text]): [RegExp, string] => [new RegExp(pattern), text])

/** What stands for `$` and a letter: p a property, t traits, n a number or `no`, l a list `as one and as another`. */
const PARTS: Record<string, (text: string) => string> = {
  '': (text) => text,
  p: (text) => propertyWord(text.replaceAll(' ', '_')),
  t: (text) => text.split(' and ').map((one) => tOr(`trait.${one}`, one)).join('、'),
  n: (text) => (text === 'no' ? '0' : text),
  l: (text) => text.replace(/^as /, '').split(/ and as /).join('；'),
}

/** One sentence of the service. */
export function sentenceWords(sentence: string): string {
  if (currentLanguage() === 'en') return sentence
  for (const [pattern, text] of RULES) {
    const found = pattern.exec(sentence)
    if (found) return text.replace(/\$([ptnl]?)(\d)/g, (_, part: string, group: string) => PARTS[part]!(found[Number(group)] ?? ''))
  }
  return sentence
}

/** Several in one, with commas between them. */
export const clauseWords = (text: string): string => (
  currentLanguage() === 'en' ? text : text.split(', ').map(sentenceWords).join('，')
)
