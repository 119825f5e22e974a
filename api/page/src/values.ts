/** Values as people read them, as the service writes them in its labels: `GBP 90,000`, `25 to 50 %`. */
import looks from './looks.json'
import { t, tOr } from './words'

const TYPES: Record<string, string> = looks.values

/** `1,234.50` for `1234.5`. */
export const grouped = (number: string): string => {
  const [whole = '', part] = number.split('.')
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (part ? `.${part.padEnd(2, '0')}` : '')
}

/** `1,000`, or `1,000 to 2,000`. */
export const between = (low: string, high = low, write = grouped): string => (
  low === high ? write(low) : t('value.span', { low: write(low), high: write(high) })
)

/** `1..2` in words. */
function span(text: string, write: (one: string) => string): string {
  const [low = '', high] = text.split('..')
  return between(low, high, write)
}

function money(text: string): string {
  const [amount = '', code] = text.split(' ')
  if (!code || !/^-?[\d.]+$/.test(amount)) return text
  return `${code} ${grouped(amount)}${amount.startsWith('-') ? ` ${t('value.negative')}` : ''}`
}

function valuation(text: string): string {
  const [kind, when, worth = '', code, ...basis] = text.split(' ')
  if (!code || !/^[\d.]+$/.test(worth)) return text
  const known = [kind, when, ...basis].filter(Boolean).map((one) => tOr(`valuation.${one}`, one ?? ''))
  return `${code} ${span(worth, grouped)} (${known.join(', ')})`
}

/** `33.33` for 33.3333, `0.004`, `49.9999`: as the service rounds in `percent_text`, to no whole number that it is not. */
export function figure(number: number, places = number >= 10 ? 2 : 3 - Math.floor(Math.log10(number || 1))): string {
  const found = Number(number.toFixed(places))
  return Number.isInteger(found) && Math.abs(found - number) > 1e-9 ? figure(number, places + 1) : found.toFixed(places).replace(/\.?0+$/, '')
}

function percent(text: string): string {
  if (!/^[\d.]+$/.test(text)) return text
  return text === '0..100' ? t('value.share.unknown') : `${span(text, (one) => one)} %`
}

const WORDED: Record<string, (text: string) => string> = { money, valuation, percent }

/** A value of a property for people; what is not as the service keeps it stands as it is. */
export const valueWords = (property: string, value: string): string => (
  WORDED[TYPES[property] ?? '']?.(value) ?? tOr(`value.${property}.${value}`, value)
)
