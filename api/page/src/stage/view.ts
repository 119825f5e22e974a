// A view as a link and as a file. It is a question, not a copy: ids, places and filters, and nothing that a source says.
import type { ViewContent } from '../types'
import { isDay } from './filter'
import { MOST_NODES, type ViewState } from './model'

const VERSION = 1
const FORMAT = 'kg-view'

export interface SavedView { state: ViewState; language: string }

/** Why a view cannot be read: where, what stands there, and what was expected. */
export class ViewError extends Error {}

const toText = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => (
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))
)

export const viewContent = ({ state, language }: SavedView): ViewContent => ({
  format: FORMAT, version: VERSION, language, ...state, columns: state.columns ?? false, links: state.links ?? 0,
})

/** What stands behind the # of an address; it is never sent to a server. */
export const viewFragment = (view: SavedView): string => (
  `view=${toText(new TextEncoder().encode(JSON.stringify(viewContent(view))))}`
)

export const viewFile = (view: SavedView): string => `${JSON.stringify(viewContent(view), null, 1)}\n`

/** The view of a fragment, or null where it has none. Raises ViewError. */
export function readFragment(fragment: string): SavedView | null {
  const text = fragment.replace(/^#/, '').split('&').find(part => part.startsWith('view='))?.slice(5)
  if (text === undefined) return null
  let found = ''
  try {
    found = new TextDecoder('utf-8', { fatal: true }).decode(toBytes(text))
  } catch {
    throw new ViewError(`link, view: ${shown(text)}: expected base64url of UTF-8`)
  }
  return readView(found, 'link')
}

/** The view of a file. Raises ViewError. */
export function readView(text: string, where: string): SavedView {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw new ViewError(`${where}: no JSON: ${error instanceof Error ? error.message : error}`)
  }
  return checkedView(found, where)
}

/** A view that is what it has to be. Raises ViewError. */
export function checkedView(found: unknown, where: string): SavedView {
  const read = new Reader(where)
  const view = read.object(found, 'view')
  if (view['format'] !== FORMAT) throw read.error('format', view['format'], FORMAT)
  if (view['version'] !== VERSION) throw read.error('version', view['version'], String(VERSION))
  const nodes = read.list(view['nodes'], 'nodes', MOST_NODES).map((item, i): ViewState['nodes'][number] => {
    const [id, x, y, pinned] = read.list(item, `nodes[${i}]`, 4)
    return [
      read.text(id, `nodes[${i}][0]`), read.place(x, `nodes[${i}][1]`), read.place(y, `nodes[${i}][2]`),
      read.flag(pinned, `nodes[${i}][3]`),
    ]
  })
  const filter = read.object(view['filter'] ?? {}, 'filter')
  const day = (name: string): string => read.day(filter[name] ?? '', `filter.${name}`)
  return {
    language: read.text(view['language'] ?? 'en', 'language'),
    state: {
      nodes,
      hidden: read.texts(view['hidden'] ?? [], 'hidden', MOST_NODES),
      selected: read.texts(view['selected'] ?? [], 'selected', MOST_NODES),
      filter: {
        nodeTypes: read.texts(filter['nodeTypes'] ?? [], 'filter.nodeTypes', 500),
        linkTypes: read.texts(filter['linkTypes'] ?? [], 'filter.linkTypes', 500),
        day: day('day'),
        from: day('from'),
        to: day('to'),
        grade: read.grade(filter['grade'] ?? '', 'filter.grade'),
      },
      ...(view['columns'] === true ? { columns: true } : {}),
      links: read.count(view['links'] ?? 0, 'links'),
    },
  }
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

class Reader {
  constructor(readonly where: string) {}

  error(key: string, value: unknown, expected: string): ViewError {
    return new ViewError(`${this.where}, key ${key}, value ${shown(value)}: expected ${expected}`)
  }

  object(value: unknown, key: string): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error(key, value, 'an object')
    return value as Record<string, unknown>
  }

  list(value: unknown, key: string, most: number): unknown[] {
    if (!Array.isArray(value) || value.length > most) throw this.error(key, value, `a list of at most ${most}`)
    return value
  }

  text(value: unknown, key: string): string {
    if (typeof value !== 'string' || value.length > 200) throw this.error(key, value, 'a text of at most 200 letters')
    return value
  }

  texts(value: unknown, key: string, most: number): string[] {
    return this.list(value, key, most).map((item, i) => this.text(item, `${key}[${i}]`))
  }

  place(value: unknown, key: string): number {
    if (typeof value !== 'number' || !(Math.abs(value) <= 1e6)) throw this.error(key, value, 'a number from -1000000 to 1000000')
    return Math.round(value)
  }

  count(value: unknown, key: string): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 1e6) throw this.error(key, value, 'a number from 0 to 1000000')
    return value
  }

  flag(value: unknown, key: string): 0 | 1 {
    if (value !== 0 && value !== 1 && value !== undefined) throw this.error(key, value, '0 or 1')
    return value ?? 0
  }

  day(value: unknown, key: string): string {
    const text = this.text(value, key)
    if (text && !isDay(text)) throw this.error(key, value, 'a day such as 2014-12-05, a month or a year')
    return text
  }

  grade(value: unknown, key: string): string {
    const text = this.text(value, key)
    if (!/^([A-F]?[1-6]?)$/.test(text)) throw this.error(key, value, 'a grade such as B2')
    return text
  }
}
