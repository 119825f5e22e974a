// The stage alone on a page, with an invented graph: tests and benchmarks drive it by its own functions.
import { render, h } from 'preact'
import './src/stage/stage.css'
import { linksOf, nodesOf } from './src/answers'
import * as connections from './src/parts/connections'
import { Filters, years } from './src/parts/filters'
import { Table } from './src/parts/table'
import * as sentences from './src/sentences'
import * as curves from './src/stage/curves'
import * as exported from './src/stage/export'
import * as filter from './src/stage/filter'
import * as labels from './src/stage/labels'
import * as layout from './src/stage/layout'
import { GraphModel, type GraphLink, type GraphNode } from './src/stage/model'
import { Stage } from './src/stage/stage'
import * as view from './src/stage/view'
import * as words from './src/words'

const NAMES = ['Ilka Dunmarsh', 'Aurel Dunmarsh', 'Marsh Holdings Limited', '崔崧穆', 'The Marsh Settlement', 'Tumbling Oak Drive 889']
const NODE_TYPES = ['Person', 'Person', 'Enterprise', 'Person', 'Arrangement', 'RealEstate', 'Jurisdiction', 'Agency', 'Warrant']
const LINK_TYPES = ['OWNS', 'FAMILY_OF', 'DIRECTS', 'PAID', 'CONTROLS']

export function node(id: string, change: Partial<GraphNode> = {}): GraphNode {
  return { id, type: 'Person', caption: id, sought: false, degree: 1, ...change }
}

export function link(id: string, from: string, to: string, change: Partial<GraphLink> = {}): GraphLink {
  return {
    id, type: 'OWNS', from, to, periods: [], sources: ['a-source'], said: [], grade: 'B2', alleged: false, contradicted: false,
    suggested: false, holds: '', properties: {}, ...change,
  }
}

/** An invented graph of communities and a few hubs: the same for the same numbers. */
export function invented(count: number, linkCount: number): { nodes: GraphNode[]; links: GraphLink[] } {
  let state = 20_240_611
  const below = (most: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * most)
  }
  const community = Math.max(8, Math.round(Math.sqrt(count)))
  const nodes = Array.from({ length: count }, (_, i) => node(`n${String(i).padStart(5, '0')}`, {
    type: NODE_TYPES[i % NODE_TYPES.length]!, caption: `${NAMES[i % NAMES.length]} ${i}`, sought: i % 25 === 1,
  }))
  const links = Array.from({ length: linkCount }, (_, i) => {
    const from = i < count ? i : below(count)
    const near = Math.floor(from / community) * community + below(community)
    const to = i % 20 === 0 ? below(Math.min(8, count)) : Math.min(count - 1, near)
    const type = LINK_TYPES[i % LINK_TYPES.length]!
    return link(`l${String(i).padStart(5, '0')}`, nodes[from]!.id, nodes[to === from ? (to + 1) % count : to]!.id, {
      type, alleged: i % 11 === 0, contradicted: i % 17 === 0,
      periods: i % 3 ? [{ from: `20${10 + (i % 12)}`, to: i % 2 ? '' : `20${14 + (i % 10)}-06`, source: 'a-source' }] : [],
    })
  })
  for (const { from, to } of links) for (const id of [from, to]) nodes[Number(id.slice(1))]!.degree++
  return { nodes, links }
}

const events: unknown[] = []
const model = new GraphModel()
const host = document.querySelector<HTMLElement>('#host')!
const stage = new Stage(host, model, {
  onSelect: (ids, kind) => events.push(['select', kind, ids]),
  onExpand: id => events.push(['expand', id]),
})
const draw = (): void => {
  render(h(Table, {
    model, selected: model.selected, onExpand: id => events.push(['expand', id]),
    onSelect: (ids, kind) => {
      model.select(ids)
      events.push(['select', kind, ids])
    },
  }), document.querySelector('#table')!)
  render(h(Filters, { model, onDay: day => events.push(['day', day]) }), document.querySelector('#filters')!)
}
/** Show the table and the filters too: most tests need neither, and benchmarks measure the picture. */
function showParts(): void {
  model.subscribe(draw)
  draw()
}

/** Until no new node waits for a place, and everything is drawn. */
async function settled(): Promise<void> {
  while (model.fresh.size) await new Promise(done => setTimeout(done, 5))
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}

const about = { title: 'An invented view', version: 'invented@7', day: '2014-12-05', handling: [], made: '2026-11-29' }
await words.setLanguage('en')
Object.assign(globalThis, {
  kg: { model, stage, showParts, events, settled, invented, node, link, linksOf, nodesOf, years, curves, exported, filter, labels, layout, view, words, sentences, connections, about, GraphModel },
})
