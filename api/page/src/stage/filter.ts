// Which nodes and links a filter leaves.
import type { GraphLink, GraphNode, Period } from './graph'

export interface Filter {
  /** Node types that are hidden. */
  nodeTypes: Set<string>
  /** Link types that are hidden. */
  linkTypes: Set<string>
  /** Only links that may hold on this day; '' for any. */
  day: string
  /** Only links of which something falls between these days; '' for any. */
  from: string
  to: string
  /** Only links of at least this grade, such as C3; '' for any. */
  grade: string
}

export const noFilter = (): Filter => (
  { nodeTypes: new Set(), linkTypes: new Set(), day: '', from: '', to: '', grade: '' }
)

const DAY = /^\d{4}(-\d{2}(-\d{2})?)?$/

/** Whether a text is a day, a month or a year that there is, as ISO writes it. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const [year, month = '01', day = '01'] = text.split('-') as [string, string?, string?]
  const made = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(`${year}-${month}-${day}`)
}

/** The first day that a partial date may mean; as texts, days compare like days. */
export const earliest = (day: string): string => (day + '-01-01').slice(0, 10)

/** The last day that it may mean; '' for none. */
export function latest(day: string): string {
  if (day.length === 4) return `${day}-12-31`
  if (day.length !== 7) return day
  const [year, month] = day.split('-').map(Number)
  return `${day}-${new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()}`
}

const mayFall = (period: Period, first: string, last: string): boolean => (
  (!period.from || !last || earliest(period.from) <= last) && (!period.to || !first || latest(period.to) >= first)
)

/** Whether a link may hold on a day: what has happened stays true, and what nobody dates is not hidden. */
export function mayHold(link: GraphLink, day: string): boolean {
  if (!day || !link.periods.length) return true
  const [first, last] = [earliest(day), latest(day)]
  return link.periods.some(period => mayFall(link.event ? { ...period, to: '' } : period, first, last))
}

/**
 * Whether a link had surely ended by a day: its last end is past, and nobody dates it from then on again;
 * or it leads to a paper that has itself ended. What happens at once does not end.
 */
export function hasEnded(link: GraphLink, day: string, paperEnd = ''): boolean {
  if (link.event || !day) return false
  const now = earliest(day)
  const last = link.periods.map(({ to }) => to && latest(to)).sort().at(-1) ?? ''
  const isOver = last !== '' && last < now && !link.periods.some(({ from, to }) => from && !to && earliest(from) >= last)
  return isOver || (paperEnd !== '' && latest(paperEnd) < now)
}

/** Whether anything of a link may fall between two days. */
function mayOverlap(link: GraphLink, from: string, to: string): boolean {
  if ((!from && !to) || !link.periods.length) return true
  return link.periods.some(period => mayFall(period, from && earliest(from), to && latest(to)))
}

/** Whether a grade is as good as another or better; what nobody graded is not. */
function isGraded(grade: string, least: string): boolean {
  const part = (text: string, kind: RegExp): string => text.match(kind)?.[0] ?? ''
  return [/[A-F]/, /[1-6]/].every(kind => {
    const wanted = part(least, kind)
    const found = part(grade, kind)
    return !wanted || (found !== '' && found <= wanted)
  })
}

export const keepsNode = (node: GraphNode, filter: Filter): boolean => !filter.nodeTypes.has(node.type)

export const keepsLink = (link: GraphLink, filter: Filter): boolean => (
  !filter.linkTypes.has(link.type)
  && mayHold(link, filter.day)
  && mayOverlap(link, filter.from, filter.to)
  && isGraded(link.grade, filter.grade)
)
