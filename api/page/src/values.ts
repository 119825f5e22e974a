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

function percent(text: string): string {
  if (!/^[\d.]+$/.test(text)) return text
  return text === '0..100' ? t('value.share.unknown') : `${span(text, (one) => one)} %`
}

const WORDED: Record<string, (text: string) => string> = { money, valuation, percent }

/** A value of a property for people; what is not as the service keeps it stands as it is. */
export const valueWords = (property: string, value: string): string => (
  WORDED[TYPES[property] ?? '']?.(value) ?? tOr(`value.${property}.${value}`, value)
)
