/** Everything that is drawn, as two tables: for reading, for sorting, for the keyboard and for a screen reader. */
import { useRef, useState } from 'preact/hooks'
import { linkSays, linkStatus, standingWords, typeWord } from '../stage/draw'
import { periodsOf } from '../stage/export'
import type { GraphLink, GraphModel, GraphNode } from '../stage/model'
import { t, type Word } from '../words'
import { useModel } from './drawn'
import { Mark } from './mark'

interface TableProps {
  model: GraphModel
  selected: readonly string[]
  onSelect(ids: string[], kind: 'node' | 'link'): void
  onExpand(id: string): void
}

type Cell = string | number
interface Column<T> { key: string; title: Word; value(item: T): Cell }
interface Order { key: string; down: boolean }

/** Rows that are shown at first; the rest on request, because a browser lays out each of them. */
const PAGE = 200

export function Table({ model, selected, onSelect, onExpand }: TableProps) {
  useModel(model)
  const { nodes, links } = model.visible()
  const name = (id: string): string => model.nodes.get(id)?.caption ?? id
  const nodeColumns: Column<GraphNode>[] = [
    { key: 'name', title: 'stage.table.name', value: node => node.caption || node.id },
    { key: 'type', title: 'stage.table.type', value: node => typeWord(node.type) },
    { key: 'status', title: 'stage.table.status', value: standingWords },
    { key: 'degree', title: 'stage.table.degree', value: node => node.degree },
  ]
  const linkColumns: Column<GraphLink>[] = [
    { key: 'from', title: 'stage.table.from', value: link => name(link.from) },
    { key: 'says', title: 'stage.table.says', value: link => linkSays(link) },
    { key: 'to', title: 'stage.table.to', value: link => name(link.to) },
    { key: 'since', title: 'stage.table.since', value: periodsOf },
    { key: 'grade', title: 'stage.table.grade', value: link => link.grade },
    { key: 'status', title: 'stage.table.status', value: link => linkStatus(link) },
    { key: 'sources', title: 'stage.table.sources', value: link => link.sources.join(', ') },
  ]
  if (!nodes.length) return <p class="quiet">{t('stage.table.empty')}</p>
  const toggle = (id: string): void => {
    const had = selected.filter(one => model.nodes.has(one))
    onSelect(had.includes(id) ? had.filter(one => one !== id) : [...had, id], 'node')
  }
  return (
    <section class="tables" aria-label={t('stage.table')}>
      <p class="quiet">{t('stage.table.keys')}</p>
      <Rows
        title={t('stage.table.nodes', { count: nodes.length })}
        items={nodes} columns={nodeColumns} selected={selected}
        mark={node => <Mark type={node.type} />}
        onOpen={id => onSelect([id], 'node')} onExpand={onExpand} onToggle={toggle}
      />
      <Rows
        title={t('stage.table.links', { count: links.length })}
        items={links} columns={linkColumns} selected={selected}
        onOpen={id => onSelect([id], 'link')}
      />
    </section>
  )
}

interface RowsProps<T> {
  title: string
  items: readonly T[]
  columns: readonly Column<T>[]
  selected: readonly string[]
  mark?(item: T): preact.ComponentChildren
  onOpen(id: string): void
  onExpand?(id: string): void
  onToggle?(id: string): void
}

function Rows<T extends { id: string }>({ title, items, columns, selected, mark, onOpen, onExpand, onToggle }: RowsProps<T>) {
  const [order, setOrder] = useState<Order>({ key: columns[0]!.key, down: false })
  const [most, setMost] = useState(PAGE)
  const body = useRef<HTMLTableSectionElement>(null)
  const column = columns.find(one => one.key === order.key) ?? columns[0]!
  const way = order.down ? -1 : 1
  const sorted = [...items].sort((a, b) => way * compare(column.value(a), column.value(b)) || (a.id < b.id ? -1 : 1))
  const onKey = (event: KeyboardEvent, id: string): void => {
    const row = (event.currentTarget as HTMLElement).closest('tr')
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' } as const
    if (event.key in step) {
      const next = row?.[step[event.key as keyof typeof step]]
      next?.querySelector<HTMLElement>('.open')?.focus()
    } else if (event.key === 'Home') body.current?.querySelector<HTMLElement>('.open')?.focus()
    else if (event.key === 'End') [...(body.current?.querySelectorAll<HTMLElement>('.open') ?? [])].at(-1)?.focus()
    else if (event.key === 'e' && onExpand && !event.ctrlKey && !event.metaKey) onExpand(id)
    else if (event.key === ' ' && onToggle) onToggle(id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="scrolling" role="region" aria-label={title} tabIndex={0}>
      <table class="drawn">
        <caption>{title}</caption>
        <thead>
          <tr>
            {onToggle && <th scope="col"><span class="hidden">{t('stage.table.chosen')}</span></th>}
            {columns.map(({ key, title: heading }) => (
              <th scope="col" key={key} aria-sort={key !== order.key ? 'none' : order.down ? 'descending' : 'ascending'}>
                <button type="button" onClick={() => setOrder({ key, down: key === order.key && !order.down })}>
                  {t(heading)}<span aria-hidden="true">{key !== order.key ? '' : order.down ? ' ▾' : ' ▴'}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {sorted.slice(0, most).map(item => {
            const cells = columns.map(one => one.value(item))
            const isChosen = selected.includes(item.id)
            return (
              <tr key={item.id} class={isChosen ? 'on' : ''}>
                {onToggle && (
                  <td>
                    <input
                      type="checkbox" checked={isChosen} onChange={() => onToggle(item.id)}
                      aria-label={t('stage.table.choose', { name: String(cells[0]) })}
                    />
                  </td>
                )}
                {cells.map((value, i) => (i
                  ? <td key={i} class={typeof value === 'number' ? 'number' : ''} data-label={value === '' ? undefined : t(columns[i]!.title)}><bdi>{value}</bdi></td>
                  : (
                    <th scope="row" key={i}>
                      <button
                        type="button" class="open" onClick={() => onOpen(item.id)}
                        {...(isChosen ? { 'aria-current': 'true' as const } : {})}
                        onKeyDown={event => onKey(event, item.id)}
                      >
                        {mark?.(item)}<bdi>{value}</bdi>
                      </button>
                    </th>
                  )))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {items.length > most && (
        <button type="button" onClick={() => setMost(most + PAGE)}>{t('stage.table.more', { count: items.length - most })}</button>
      )}
    </div>
  )
}

/** One for all: to make one for each comparison takes longer than to compare. */
const COLLATOR = new Intl.Collator()

const compare = (a: Cell, b: Cell): number => (
  typeof a === 'number' && typeof b === 'number' ? a - b : COLLATOR.compare(String(a), String(b))
)
