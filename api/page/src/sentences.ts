/** Sentences of the service in the reader's language: it answers in English, and what no rule knows stays so. */
import { propertyWord, typeWord } from './stage/draw'
import { currentLanguage, currentWords, filled, knownLaw, tOr } from './words'

let rules: [RegExp, string][] = []
let rulesOf: object | undefined

function knownRules(): [RegExp, string][] {
  const { rules: told } = currentWords()
  if (rulesOf !== told) {
    rules = Object.entries(told).map(([pattern, text]) => [new RegExp(pattern), text])
    rulesOf = told
  }
  return rules
}

/** What stands for `$` and a letter: s a sentence, c clauses, o a choice, v a valuation, p a property, t traits, k types, n a number or `no`, l a list `as one and as another`. */
const PARTS: Record<string, (text: string) => string> = {
  '': (text) => text,
  s: (text) => sentenceWords(text),
  p: (text) => propertyWord(text.replaceAll(' ', '_')),
  t: (text) => text.split(' and ').map((one) => tOr(`trait.${one}`, one)).join('、'),
  k: (text) => text.split(/ (and|or) /).map((one) => (one === 'and' ? '和' : one === 'or' ? '或' : kindWords(one))).join(''),
  c: (text) => clauseWords(text),
  o: (text) => text.split(' or ').map(sentenceWords).join('或'),
  v: (text) => text.split(', ').map((one) => tOr(`valuation.${one}`, one)).join('，'),
  n: (text) => (text === 'no' ? '0' : text),
  l: (text) => text.replace(/^as /, '').split(/ and as /).map(sentenceWords).join('；'),
}

/** A type of link or node, which the service writes in small words. */
function kindWords(one: string): string {
  const type = one.replace(/(?:^| )./g, (start) => start.trim().toUpperCase())
  return tOr(`link.${one.toUpperCase().replaceAll(' ', '_')}`, typeWord(type))
}

/** One sentence of the service, or several with semicolons between them. */
export function sentenceWords(sentence: string): string {
  if (currentLanguage() === 'en') return sentence
  const whole = knownLaw().texts[sentence]
  if (whole) return whole
  for (const [pattern, text] of knownRules()) {
    const found = pattern.exec(sentence)
    if (found) return text.replace(/\$([a-z]?)(\d)/g, (_, part: string, group: string) => PARTS[part]!(found[Number(group)] ?? '')).replace(/ +(?=[：，。；（]|$)/g, '')
  }
  return sentence.split('; ').reduce((told, one, place) => {
    const words = place || one !== sentence ? sentenceWords(one) : one
    return place ? told + (words === one ? '; ' : '；') + words : words
  }, '')
}

/** What the service calls a child whose name it withholds, and the keys of its answers under which it calls somebody so. */
const CHILD = /^a child($| of | \()/
const CALLED = /caption|^(name|about|relative)$/

/** Reads JSON: a child whose name is withheld is called so in the reader's language, whatever that is by then. */
export function readAnswer(json: string): unknown {
  return json.includes('"a child') ? JSON.parse(json, tellChildren) : JSON.parse(json)
}

function tellChildren(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const [name, text] of Object.entries(value)) {
    if (typeof text === 'string' && CHILD.test(text) && (key === 'captions' || CALLED.test(name))) {
      Object.defineProperty(value, name, { get: () => sentenceWords(text), enumerable: true })
    }
  }
  return value
}

/** What went wrong, in the reader's language; what no rule knows is named by its status, and quoted. */
export function problemWords(status: number, detail: string): string {
  const known = sentenceWords(detail)
  if (known !== detail || currentLanguage() === 'en') return known
  return `${tOr(`problem.${status}`, String(status))}（${filled(tOr('problem.words', '{detail}'), { detail })}）`
}

/** Several in one, with commas between them. */
export const clauseWords = (text: string): string => (
  currentLanguage() === 'en' ? text : text.split(', ').map(sentenceWords).join('，')
)

interface Fact {
  fact: string
  question: string
  answer?: string
  text?: string
}

/** The answer between two jurisdictions; the question where there is none. */
export function factWords(fact: Fact, requesting: string, host: string): string {
  if (!fact.text) return sentenceWords(fact.question)
  const words = knownLaw().answers[fact.fact]
  const day = /\d{4}-\d\d-\d\d/.exec(fact.text)?.[0] ?? ''
  const text = fact.answer === 'yes' ? words?.yes : fact.answer === 'no' ? words?.no : ''
  return text ? filled(text, { requesting, host: host || tOr('routes.host.unknown', ''), day }) : sentenceWords(fact.text)
}
