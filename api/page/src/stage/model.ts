// The graph that is drawn, with undo and redo. No DOM is here.
import { byId, type GraphLink, type GraphNode, type Position } from './graph'
import { keepsLink, keepsNode, noFilter, type Filter } from './filter'
import { isPlaced, placeNear } from './places'

export type { Filter } from './filter'
export type { GraphLink, GraphNode, Period, Position, Said } from './graph'

/** What a view is: a question about nodes, not a copy of them. */
export interface ViewState {
  nodes: [id: string, x: number, y: number, pinned: 0 | 1][]
  hidden: string[]
  filter: { nodeTypes: string[]; linkTypes: string[]; day: string; from: string; to: string; grade: string }
  selected: string[]
  columns?: boolean
  /** How many links were drawn, so that who opens the view is told how many are gone. */
  links?: number
}

interface State {
  nodes: Map<string, GraphNode>
  links: Map<string, GraphLink>
  positions: Map<string, Position>
  hidden: Set<string>
}

const MOST_STEPS = 100
/** Nodes that a picture may have: as many as the service is asked anew about at once. */
export const MOST_NODES = 2000

const empty = (): State => ({ nodes: new Map(), links: new Map(), positions: new Map(), hidden: new Set() })

/** Draw the links of which both ends are there. */
function tie({ nodes, links: drawn }: State, links: readonly GraphLink[]): void {
  for (const link of links) if (nodes.has(link.from) && nodes.has(link.to)) drawn.set(link.id, link)
}

/** Take away the steps up to the last that has nodes which were not asked about; whether there was one. */
function forget(steps: State[], asked: ReadonlySet<string>): boolean {
  let last = steps.length
  while (last > 0 && [...steps[last - 1]!.nodes.keys()].every(id => asked.has(id))) last -= 1
  steps.splice(0, last)
  return last > 0
}

const copied = (state: State): State => ({
  nodes: new Map(state.nodes),
  links: new Map(state.links),
  positions: new Map(state.positions),
  hidden: new Set(state.hidden),
})

export class GraphModel {
  filter: Filter = noFilter()
  selected: readonly string[] = []
  columns = false
  /** The day of the graph that is drawn, by which things have ended where the filter names none. */
  today = ''
  /** Nodes that have come since the last layout; the others stay where they are. */
  readonly fresh = new Set<string>()
  /** Grows with every change of what is drawn or where, but not with what a layout finds. */
  epoch = 0
  #state = empty()
  #past: State[] = []
  #future: State[] = []
  #listeners = new Set<() => void>()
  #seen: { nodes: GraphNode[]; links: GraphLink[] } | null = null
  readonly #isDrawn = (id: string): boolean => this.nodes.has(id) || this.links.has(id)

  get nodes(): ReadonlyMap<string, GraphNode> { return this.#state.nodes }
  get links(): ReadonlyMap<string, GraphLink> { return this.#state.links }
  get positions(): ReadonlyMap<string, Position> { return this.#state.positions }
  get hidden(): ReadonlySet<string> { return this.#state.hidden }
  get canUndo(): boolean { return this.#past.length > 0 }
  get canRedo(): boolean { return this.#future.length > 0 }

  /**
   * Add nodes near one that is drawn, and links; a link without an end here is left out. One step to undo.
   * Returns for how many of the nodes, the last of them, the picture has no room.
   */
  add(nodes: readonly GraphNode[], links: readonly GraphLink[], near?: string): number {
    const isNovel = (node: GraphNode): boolean => !this.#state.nodes.has(node.id)
    const wanted = nodes.filter(isNovel)
    const novel = wanted.slice(0, Math.max(0, MOST_NODES - this.#state.nodes.size)).sort(byId)
    const added = [...nodes.filter(node => !isNovel(node)), ...novel]
    this.#step(state => {
      for (const node of added) state.nodes.set(node.id, node)
      tie(state, links)
      for (const node of added) state.hidden.delete(node.id)
      placeNear(novel.map(node => node.id), state.positions, [...state.links.values()], near)
      if (novel.length) this.columns = false
    }, novel.map(node => node.id))
    return wanted.length - novel.length
  }

  /**
   * The server has answered anew about everything that is known here: what it does not name is gone, here and in
   * every step that could be undone. Nothing moves. Steps that have what was not asked about are forgotten; returns
   * whether there were such.
   */
  refresh(
    nodes: readonly GraphNode[], links: readonly GraphLink[], gone: readonly string[],
    moved: Readonly<Record<string, string>> = {}, asked: ReadonlySet<string> | null = null,
  ): boolean {
    const forgotten = asked ? [this.#past, this.#future].map(steps => forget(steps, asked)).some(Boolean) : false
    const said = new Map(nodes.map(node => [node.id, node]))
    for (const id of gone) said.delete(id)
    for (const state of this.#steps()) this.#replace(state, said, links, moved)
    this.selected = this.selected.map(id => moved[id] ?? id).filter(this.#isDrawn)
    for (const id of this.fresh) if (!this.nodes.has(id)) this.fresh.delete(id)
    this.epoch++
    this.#tell()
    return forgotten
  }

  /** Every id that is drawn, and then what undo or redo would draw again: what a refresh has to ask about. */
  known(): string[] {
    return [...new Set(this.#steps().flatMap(state => [...state.nodes.keys()]))]
  }

  remove(ids: readonly string[]): void {
    this.#step(state => {
      for (const id of ids) {
        state.nodes.delete(id)
        state.positions.delete(id)
        state.hidden.delete(id)
        state.links.delete(id)
      }
      for (const link of state.links.values()) {
        if (!state.nodes.has(link.from) || !state.nodes.has(link.to)) state.links.delete(link.id)
      }
    })
  }

  hide(ids: readonly string[]): void {
    this.#step(state => { for (const id of ids) if (state.nodes.has(id)) state.hidden.add(id) })
  }

  showAll(): void { this.#step(state => state.hidden.clear()) }

  pin(id: string, x: number, y: number): void {
    this.#step(state => state.positions.set(id, { x: Math.round(x), y: Math.round(y), pinned: true }))
  }

  unpin(id: string): void {
    this.#step(state => {
      const at = state.positions.get(id)
      if (at) state.positions.set(id, { ...at, pinned: false })
    })
  }

  /** What a layout found; no step to undo. Places are whole numbers, so that a view says them exactly. */
  place(found: ReadonlyMap<string, { x: number; y: number }>, isLast = true): void {
    for (const [id, { x, y }] of found) {
      const at = this.#state.positions.get(id)
      if (at && !at.pinned) this.#state.positions.set(id, { x: Math.round(x), y: Math.round(y), pinned: false })
    }
    if (isLast) this.fresh.clear()
    this.#tell()
  }

  /** Begin a layout of everything: what it finds is one step to undo. */
  loosen(): void { this.#step(() => { this.columns = false }) }

  /** Places that somebody asked for, such as columns: one step to undo. */
  arrange(found: ReadonlyMap<string, { x: number; y: number }>): void {
    this.#step(state => {
      for (const [id, { x, y }] of found) {
        if (state.nodes.has(id)) state.positions.set(id, { x: Math.round(x), y: Math.round(y), pinned: false })
        this.fresh.delete(id)
      }
      this.columns = true
    })
  }

  clear(): void {
    this.#step(state => {
      state.nodes.clear()
      state.links.clear()
      state.positions.clear()
      state.hidden.clear()
    })
  }

  undo(): boolean { return this.#go(this.#past, this.#future) }
  redo(): boolean { return this.#go(this.#future, this.#past) }

  setFilter(filter: Filter): void {
    this.filter = filter
    this.#tell()
  }

  select(ids: readonly string[]): void {
    this.selected = ids.filter(this.#isDrawn)
    this.#tell()
  }

  /** What the filter and hiding leave, by id. */
  visible(): { nodes: GraphNode[]; links: GraphLink[] } {
    if (!this.#seen) {
      const nodes = [...this.nodes.values()].filter(n => !this.hidden.has(n.id) && keepsNode(n, this.filter)).sort(byId)
      const there = new Set(nodes.map(node => node.id))
      const links = [...this.links.values()]
        .filter(link => there.has(link.from) && there.has(link.to) && keepsLink(link, this.filter)).sort(byId)
      this.#seen = { nodes, links }
    }
    return this.#seen
  }

  /** The day that is shown. */
  get day(): string { return this.filter.day || this.today }

  /** What a picture shows, of which day, and whether that was chosen. */
  shown(): { nodes: GraphNode[]; links: GraphLink[]; day: string; isDayChosen: boolean } {
    return { ...this.visible(), day: this.day, isDayChosen: this.filter.day !== '' }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  snapshot(): ViewState {
    const { nodeTypes, linkTypes, ...rest } = this.filter
    const nodes = [...this.nodes.keys()].sort().map((id): ViewState['nodes'][number] => {
      const { x, y, pinned } = this.positions.get(id)!
      return [id, x, y, pinned ? 1 : 0]
    })
    return {
      nodes,
      hidden: [...this.hidden].sort(),
      filter: { nodeTypes: [...nodeTypes].sort(), linkTypes: [...linkTypes].sort(), ...rest },
      selected: [...this.selected],
      links: this.links.size,
      ...(this.columns ? { columns: true } : {}),
    }
  }

  /** Open a view with what the server says of its nodes now. Undo does not lead behind it. */
  restore(
    view: ViewState, nodes: readonly GraphNode[], links: readonly GraphLink[], moved: Readonly<Record<string, string>> = {},
  ): void {
    const now = (id: string): string => moved[id] ?? id
    const state = empty()
    for (const node of nodes) state.nodes.set(node.id, node)
    tie(state, links)
    for (const [id, x, y, pinned] of view.nodes) {
      if (state.nodes.has(now(id)) && !state.positions.has(now(id))) {
        state.positions.set(now(id), { x: Math.round(x), y: Math.round(y), pinned: pinned === 1 })
      }
    }
    for (const id of view.hidden) if (state.nodes.has(now(id))) state.hidden.add(now(id))
    const lost = [...state.nodes.keys()].filter(id => !isPlaced(state.positions.get(id))).sort()
    placeNear(lost, state.positions, [...state.links.values()])
    this.#state = state
    this.#past = []
    this.#future = []
    this.epoch++
    this.fresh.clear()
    for (const id of lost) this.fresh.add(id)
    const { nodeTypes, linkTypes, ...rest } = view.filter
    this.filter = { nodeTypes: new Set(nodeTypes), linkTypes: new Set(linkTypes), ...rest }
    this.columns = view.columns ?? false
    this.selected = view.selected.map(now).filter(this.#isDrawn)
    this.#tell()
  }

  /** What is drawn, and every step that leads back to it or on from it, the nearest first. */
  #steps(): State[] { return [this.#state, ...[...this.#past].reverse(), ...[...this.#future].reverse()] }

  #replace(
    state: State, said: ReadonlyMap<string, GraphNode>, links: readonly GraphLink[], moved: Readonly<Record<string, string>>,
  ): void {
    for (const id of [...state.nodes.keys()]) {
      const now = moved[id] ?? id
      const at = state.positions.get(id)
      const wasHidden = state.hidden.delete(id)
      state.nodes.delete(id)
      state.positions.delete(id)
      const node = said.get(now)
      if (!node) continue
      state.nodes.set(now, node)
      if (at && !state.positions.has(now)) state.positions.set(now, at)
      if (wasHidden) state.hidden.add(now)
    }
    state.links.clear()
    tie(state, links)
  }

  #step(change: (state: State) => void, fresh: readonly string[] = []): void {
    this.#past.push(copied(this.#state))
    if (this.#past.length > MOST_STEPS) this.#past.shift()
    this.#future = []
    change(this.#state)
    for (const id of fresh) this.fresh.add(id)
    this.epoch++
    this.selected = this.selected.filter(this.#isDrawn)
    this.#tell()
  }

  #go(from: State[], to: State[]): boolean {
    const state = from.pop()
    if (!state) return false
    to.push(this.#state)
    this.#state = state
    this.epoch++
    this.fresh.clear()
    this.selected = this.selected.filter(this.#isDrawn)
    this.#tell()
    return true
  }

  #tell(): void {
    this.#seen = null
    for (const listener of this.#listeners) listener()
  }
}
