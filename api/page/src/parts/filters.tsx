/** Which kinds, days and grades are drawn; each kind with its shape and number, so that it is the legend too. */
import { useLayoutEffect, useId, useState } from 'preact/hooks'
import { linkWord, typeWord } from '../stage/draw'
import { isDay, noFilter } from '../stage/filter'
import { linkLook } from '../stage/graph'
import type { Filter, GraphModel } from '../stage/model'
import { t, type Word } from '../words'
import { useModel } from './drawn'
import { Mark } from './mark'

const GRADES = ['', 'A1', 'B2', 'C3', 'D4', 'E5']

interface FiltersProps {
  model: GraphModel
  /** Called when the day rests: the server recomputes links, ownership and routes. The page has filtered at once. */
  onDay?(day: string): void
}

export function Filters({ model, onDay }: FiltersProps) {
  useModel(model)
  const { filter } = model
  const set = (change: Partial<Filter>): void => model.setFilter({ ...filter, ...change })
  const shown = model.visible()
  const hidden = {
    nodes: [...model.nodes.values()].filter(node => filter.nodeTypes.has(node.type) && !model.hidden.has(node.id)).length,
    links: model.links.size - shown.links.length,
    hidden: model.hidden.size,
  }
  const day = (value: string): void => {
    set({ day: value })
    onDay?.(value)
  }
  return (
    <section class="filters" aria-label={t('stage.filter')}>
      <h2>{t('tool.filter')}</h2>
      <AsOf model={model} day={filter.day} onDay={day} />
      <Kinds
        title={t('stage.filter.nodes')} counts={count(model.nodes.values())} off={filter.nodeTypes} word={typeWord}
        mark={type => <Mark type={type} />} onChange={nodeTypes => set({ nodeTypes })}
      />
      <Kinds
        title={t('stage.filter.links')} counts={count(model.links.values())} off={filter.linkTypes} word={linkWord}
        mark={type => <Line type={type} />} onChange={linkTypes => set({ linkTypes })}
      />
      <div class="row">
        <DayField label="stage.filter.from" value={filter.from} onValue={from => set({ from })} />
        <DayField label="stage.filter.to" value={filter.to} onValue={to => set({ to })} />
      </div>
      <p class="quiet">{t('stage.filter.undated')}</p>
      <Grade value={filter.grade} onValue={grade => set({ grade })} />
      <p role="status" class="quiet">{t('stage.filter.left', hidden)}</p>
      <div class="row">
        <button
          type="button" onClick={() => {
            model.setFilter(noFilter())
            if (filter.day) onDay?.('')
          }}
        >{t('stage.filter.clear')}</button>
        {model.hidden.size > 0 && <button type="button" onClick={() => model.showAll()}>{t('stage.filter.show')}</button>}
      </div>
    </section>
  )
}

function count(items: Iterable<{ type: string }>): [string, number][] {
  const counts = new Map<string, number>()
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1))
}

interface KindsProps {
  title: string
  counts: [string, number][]
  off: ReadonlySet<string>
  word(type: string): string
  mark(type: string): preact.ComponentChildren
  onChange(off: Set<string>): void
}

function Kinds({ title, counts, off, word, mark, onChange }: KindsProps) {
  const toggle = (type: string): void => {
    const next = new Set(off)
    if (!next.delete(type)) next.add(type)
    onChange(next)
  }
  return (
    <fieldset class="kinds-filter">
      <legend>{title}</legend>
      {counts.map(([type, number]) => (
        <label key={type}>
          <input type="checkbox" checked={!off.has(type)} onChange={() => toggle(type)} />
          {mark(type)} {word(type)} <span class="quiet">{number}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Line({ type }: { type: string }) {
  const { color, width } = linkLook(type)
  return (
    <svg class="mark" viewBox="0 0 20 12" width="20" height="12" aria-hidden="true">
      <line x1="1" y1="6" x2="19" y2="6" stroke={color} stroke-width={width} />
    </svg>
  )
}

/** The first and the last year of which anything that is drawn says something; that of the graph's day is among them. */
export function years(model: Pick<GraphModel, 'links' | 'nodes' | 'today' | 'filter'>): [number, number] | null {
  const days = [model.today, model.filter.day, ...[...model.nodes.values()].map(({ ended }) => ended ?? '')]
  for (const { periods } of model.links.values()) for (const { from, to } of periods) days.push(from, to)
  const found = days.filter(day => /^[12]\d{3}/.test(day)).map(day => Number(day.slice(0, 4)))
  return found.length ? [Math.min(...found), Math.max(...found)] : null
}

/** A slider over years, and a field for the exact day; moving either filters at once. */
function AsOf({ model, day, onDay }: { model: GraphModel; day: string; onDay(day: string): void }) {
  const id = useId()
  const range = years(model)
  const today = model.today.slice(0, 4)
  return (
    <div class="as-of">
      <DayField label="stage.filter.day" value={day} onValue={onDay} />
      {range && range[0] < range[1] && (
        <>
          <label class="hidden" for={id}>{t('stage.filter.slider')}</label>
          <input
            id={id} type="range" min={range[0]} max={range[1]} step={1}
            value={day.slice(0, 4) || today || String(range[1])} aria-valuetext={day || model.today || String(range[1])}
            onInput={({ currentTarget: { value } }) => onDay(value === today ? model.today : `${value}-12-31`)}
          />
        </>
      )}
    </div>
  )
}

/** A day in figures, whatever the language of the browser: its own field would show days in the order of a country. */
export function DayField({ label, value, onValue }: { label: Word; value: string; onValue(day: string): void }) {
  const id = useId()
  const [text, setText] = useState(value)
  useLayoutEffect(() => setText(value), [value])
  const isBad = text !== '' && !isDay(text)
  return (
    <div class="day">
      <label for={id}>{t(label)}</label>
      <input
        id={id} type="text" inputMode="numeric" size={11} maxLength={10} autocomplete="off" value={text}
        placeholder="YYYY-MM-DD" aria-describedby={`${id}-hint`} aria-invalid={isBad}
        onInput={event => {
          const typed = event.currentTarget.value.trim()
          setText(typed)
          if (!typed || isDay(typed)) onValue(typed)
        }}
      />
      <span id={`${id}-hint`} class={isBad ? 'wrong' : 'hidden'}>
        {isBad ? t('stage.filter.day.bad', { value: text }) : t('stage.filter.day.hint')}
      </span>
    </div>
  )
}

function Grade({ value, onValue }: { value: string; onValue(grade: string): void }) {
  const id = useId()
  return (
    <div class="day">
      <label for={id}>{t('stage.filter.grade')}</label>
      <select id={id} value={value} onChange={event => onValue(event.currentTarget.value)}>
        {[...new Set([...GRADES, value])].map(grade => (
          <option key={grade} value={grade}>{grade || t('stage.filter.grade.any')}</option>
        ))}
      </select>
    </div>
  )
}
