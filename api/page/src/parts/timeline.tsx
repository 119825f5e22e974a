/** What happened when, to whatever is drawn or selected: bars over years, and a list of the same. */
import { ask } from '../ask'
import { linkSays, linkWord, sentence } from '../stage/draw'
import { earliest } from '../stage/filter'
import type { GraphModel } from '../stage/model'
import type { TimelineAnswer, TimelineEntry } from '../types'
import { sentenceWords } from '../sentences'
import { isolatedName, t, tOr } from '../words'
import { useAsked } from './answer'
import { useModel } from './drawn'
import { HandlingMark } from './said'

const MOST_NODES = 200
/** Of those who are selected. */
const MOST_NAMED = 3
const WIDTH = 380
/** What the service begins with where it tells what something was worth. */
const WORTH = 'worth '

interface TimelineProps {
  model: GraphModel
  /** The graph that answers. */
  version: string
  day: string
  onDay(day: string): void
  onSelect(ids: string[], kind: 'node' | 'link'): void
}

export function Timeline({ model, version, day, onDay, onSelect }: TimelineProps) {
  useModel(model)
  const drawn = model.visible().nodes.map(node => node.id)
  const chosen = model.selected.filter(id => model.nodes.has(id))
  const wanted = (chosen.length ? chosen : drawn).slice(0, MOST_NODES)
  const body = { nodes: wanted, ...(day ? { as_of: day } : {}) }
  const { data, message, busy } = useAsked(
    wanted.length ? (signal) => ask<TimelineAnswer>('v1/timelines', { body, signal }) : null, [wanted.join(' '), day, version],
  )
  const found = busy ? null : data // what was asked of others is no answer
  const name = (id: string): string => isolatedName(model.nodes.get(id)?.caption ?? found?.nodes[id]?.caption ?? id)
  const entries = found?.entries ?? []
  return (
    <section class="timeline" aria-label={t('stage.time')} aria-busy={busy && wanted.length > 0}>
      <h2>{t('stage.time')}</h2>
      {chosen.length > 0 && <p class="quiet">{chosen.slice(0, MOST_NAMED).map(name).join(' · ')}{chosen.length > MOST_NAMED && ' …'}</p>}
      {message && !busy && <p role="alert">{message}</p>}
      {(chosen.length || drawn.length) > MOST_NODES && <p class="quiet">{t('stage.time.most', { most: MOST_NODES })}</p>}
      {found && !entries.length && <p>{t('stage.time.none')}</p>}
      {entries.length > 0 && <Bars entries={entries} day={day} />}
      <ol>
        {entries.map((entry, i) => {
          const begins = i === 0 || entries[i - 1]!.from.slice(0, 4) !== entry.from.slice(0, 4)
          const isDrawn = entry.link ? model.links.has(entry.link) : model.nodes.has(entry.node)
          const words = what(entry, name, model)
          return (
            <li key={i} class={begins ? 'begins' : ''}>
              <button
                type="button" class="when" onClick={() => onDay(earliest(entry.from || entry.to))}
                aria-label={t('stage.time.move', { day: entry.from || entry.to })}
              >{entry.from || '…'}</button>
              {' '}
              {isDrawn
                ? <button type="button" class="open" onClick={() => onSelect([entry.link || entry.node], entry.link ? 'link' : 'node')}>{words}</button>
                : words}
              {!entry.event && entry.to && entry.to !== entry.from && <> {t('stage.time.until', { to: entry.to })}</>}
              <span class="quiet"> · <bdi>{entry.source}</bdi> {entry.grade}</span> <HandlingMark code={entry.handling} />
            </li>
          )
        })}
      </ol>
      {found !== null && found.undated > 0 && <p class="quiet">{t('stage.time.undated', { count: found.undated })}</p>}
      {found !== null && found.left_out > 0 && <p class="quiet">{t('stage.time.left', { count: found.left_out })}</p>}
    </section>
  )
}

function what(entry: TimelineEntry, name: (id: string) => string, model: GraphModel): string {
  const link = model.links.get(entry.about)
  if (link) return sentence(link, name)
  if (entry.property) {
    const isWorth = entry.what.startsWith(WORTH)
    const said = isWorth ? t('stage.time.worth', { value: sentenceWords(entry.what.slice(WORTH.length)) }) : tOr(`property.${entry.property}`, entry.what)
    return `${[...new Set([entry.node, entry.about])].map(name).join(' — ')}: ${said}`
  }
  // Which of the two it leads from is not said: what is not drawn stands between lines.
  const says = entry.what ? linkSays({ type: entry.type, label: entry.what, stages: [] }) : linkWord(entry.type)
  return [name(entry.node), says, name(entry.other)].join(' — ')
}

/** The same as bars, for the eye: the list below says it to everybody. */
function Bars({ entries, day }: { entries: readonly TimelineEntry[]; day: string }) {
  const year = (text: string): number => {
    const [y, m = '1', d = '1'] = text.split('-')
    return Number(y) + (Number(m) - 1) / 12 + (Number(d) - 1) / 365
  }
  const begun = entries.flatMap(({ from, to }) => [from, to]).filter(Boolean).map(year)
  const [first, last] = [Math.floor(Math.min(...begun)), Math.ceil(Math.max(...begun) + 0.01)]
  const at = (text: string, open: number): number => ((text ? year(text) : open) - first) / (last - first) * WIDTH
  const shown = entries.slice(0, 60)
  const height = shown.length * 6 + 22
  const step = [1, 2, 5, 10, 20, 50, 100].find(size => (last - first) / size <= 8) ?? 200
  const marks = Array.from({ length: Math.ceil((last - first) / step) }, (_, i) => Math.ceil(first / step) * step + i * step)
  return (
    <svg class="bars" viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
      {marks.filter(mark => mark < last).map(mark => (
        <g key={mark}>
          <line x1={at(`${mark}`, 0)} x2={at(`${mark}`, 0)} y1={0} y2={height - 16} stroke="#D0D7DE" />
          <text x={at(`${mark}`, 0) + 2} y={height - 4} font-size="11" fill="#454d57">{mark}</text>
        </g>
      ))}
      {shown.map((entry, i) => {
        const from = at(entry.from, first)
        const to = entry.event ? from : at(entry.to, last)
        return to - from < 3
          ? <circle key={i} cx={from} cy={i * 6 + 5} r={3} fill="#D55E00" />
          : <rect key={i} x={from} y={i * 6 + 3} width={to - from} height={4} rx={2} fill="#0072B2" />
      })}
      {day && <line x1={at(day, last)} x2={at(day, last)} y1={0} y2={height - 16} stroke="#A3000B" stroke-width={2} />}
    </svg>
  )
}
