/** What a reader does with the graph: each action asks the service, changes the model and says what came of it. */
import { Refused, ask, messageOf, part } from './ask'
import { linksOf, nodesOf } from './answers'
import { latest } from './stage/filter'
import { GraphModel, MOST_NODES, type GraphLink, type GraphNode } from './stage/model'
import type { Stage } from './stage/stage'
import { readFragment, viewFragment, type SavedView } from './stage/view'
import type { LinkCountOut as Count, NeighbourhoodsAnswer, SessionOut, SubgraphAnswer } from './types'
import { currentLanguage, t } from './words'

/** New nodes of each kind of link, and in all, when a node is opened and when it is expanded. */
const OPENED = { each: 4, limit: 16 }
export const EXPANDED = { each: 12, limit: 40 }
/** Milliseconds between looks at the version of the graph, and after the last change of the view before it is kept. */
const WATCHED = 10_000
const KEPT = 400
/** Milliseconds between such looks where somebody comes back to the page again and again. */
const LOOKED = 1_000
/** Milliseconds for which a date rests before the service is asked about it. */
const RESTED = 400

/** What can be done about what is told. */
interface Offer {
  text: string
  run(): void
}

export interface Telling {
  text: string
  trouble: boolean
  /** Whether it stays until it is closed: whoever looks away for a while has to see it. */
  stays?: boolean
  offers?: Offer[]
  /** Whether it gives way to what is being said. */
  yields?: boolean
}

export class Workbench {
  readonly model = new GraphModel()
  stage: Stage | null = null
  /** The graph that answered last. */
  version = ''
  counts = new Map<string, Count[]>()
  /** The day that the service is asked about: that of the filter, once it has rested. */
  day = ''
  requesting: string
  onTell: (telling: Telling) => void = () => undefined
  #keeping = 0
  #resting = 0
  #watching = 0
  #seenAt = Date.now()
  #refreshes = 0
  /** Suggestions about what is drawn of which it was said that they are told no longer. */
  #outdated = 0
  /** Whether the service did not answer when it was last looked for. */
  #isAway = false

  constructor(readonly session: SessionOut) {
    this.requesting = session.requesting
  }

  tell(text: string, trouble = false, offers: Offer[] = [], stays = false): void {
    this.onTell({ text, trouble, offers, stays })
  }

  /** Draw nodes and links; where the picture has no room for them, say so and offer to make some. Whether all are drawn. */
  add(nodes: readonly GraphNode[], links: readonly GraphLink[], near?: string): boolean {
    const left = this.model.add(nodes, links, near)
    if (left) this.#tellFull(left)
    return !left
  }

  #tellFull(left: number): void {
    const { model } = this
    const shown = new Set(model.visible().nodes.map((node) => node.id))
    const chosen = new Set(model.selected)
    const beside = [...model.links.values()].flatMap(({ from, to }) => (chosen.has(from) ? [from, to] : chosen.has(to) ? [from, to] : []))
    const offer = (text: string, kept: ReadonlySet<string>): Offer[] => {
      const others = [...model.nodes.keys()].filter((id) => !kept.has(id))
      return kept.size && others.length
        ? [{ text, run: () => { model.remove(others); this.tell(t('draw.removed', { count: others.length })) } }]
        : []
    }
    this.tell(t('draw.full', { most: MOST_NODES, count: left }), true, [
      ...offer(t('draw.keep-shown'), shown), ...offer(t('draw.keep-selected'), new Set(beside)),
    ])
  }

  /** Run what may fail, and say so; whether it went well. */
  async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      this.tell(messageOf(error), true)
      return false
    }
  }

  /** Draw a node with its nearest and most telling neighbours; returns its id. */
  async open(asked: string): Promise<string> {
    const found = await this.#neighbourhood(asked, OPENED)
    return found.neighbourhoods[0]?.node ?? asked
  }

  /** Draw more neighbours of a node: of one kind, or of all. */
  async expand(id: string, group?: Count): Promise<void> {
    const before = { nodes: this.model.nodes.size, links: this.model.links.size }
    const only = group ? { types: [group.type], others: [group.other], direction: group.direction } : {}
    const found = await this.#neighbourhood(id, { ...EXPANDED, ...(group ? { each: EXPANDED.limit } : {}), ...only })
    if (this.model.nodes.size >= MOST_NODES) return // it has been said
    const left = found.neighbourhoods[0]?.counts.reduce((sum, one) => sum + one.left_out, 0) ?? 0
    const came = { nodes: this.model.nodes.size - before.nodes, links: this.model.links.size - before.links }
    this.tell(came.nodes || came.links || left ? t('expand.came', { ...came, left }) : t('expand.all'))
  }

  /** How many links of which kinds a node has. */
  async count(id: string, signal?: AbortSignal): Promise<Count[]> {
    const known = this.counts.get(id)
    if (known) return known
    const body = { nodes: [id], limit: 0, as_of: this.day, drawn: this.#drawn() }
    const found = await ask<NeighbourhoodsAnswer>('v1/neighbourhoods', { body, signal })
    return this.#remember(found, id)
  }

  /** Draw nodes by id, with the links among them and to what is drawn. */
  async draw(ids: readonly string[]): Promise<void> {
    const novel = [...new Set(ids)].filter((id) => !this.model.nodes.has(id))
    const left = Math.max(0, novel.length + this.model.nodes.size - MOST_NODES)
    const found = await this.#graph([...this.model.nodes.keys(), ...novel.slice(0, novel.length - left)])
    const wanted = new Set(ids.map((id) => found.moved[id] ?? id))
    this.add(nodesOf(found.nodes).filter((node) => wanted.has(node.id)), linksOf(found.links), ids[0])
    this.#seen(found)
    if (left) this.#tellFull(left)
  }

  /** Draw some nodes, bring them into sight, and light them and some links. */
  async light(nodes: string[], links: string[]): Promise<void> {
    await this.draw(nodes)
    this.stage?.fit(nodes)
    this.stage?.highlight({ nodes, links })
  }

  /** Ask anew about everything that is drawn: what is said no longer goes. */
  async refresh(): Promise<void> {
    const turn = (this.#refreshes += 1)
    this.counts.clear()
    const known = this.model.known().slice(0, MOST_NODES) // what is drawn comes first, and is never more
    if (!known.length) return
    const [links, drawn] = [this.model.links.size, this.#drawn()]
    const found = await this.#graph(known)
    if (turn !== this.#refreshes) return // a later one asks about what is drawn now
    const asked = new Set(known)
    if ([...this.model.nodes.keys()].some((id) => !asked.has(id))) return this.refresh() // what was drawn meanwhile is not gone
    const isNew = this.version !== '' && found.version !== this.version
    this.model.today = found.day
    this.version = found.version
    const before = isNew ? this.#told() : ''
    const forgotten = this.model.refresh(nodesOf(found.nodes), linksOf(found.links), found.gone.nodes, found.moved, asked)
    const joined = drawn.filter((id) => (found.moved[id] ?? id) !== id)
    const gone = { nodes: drawn.filter((id) => !this.model.nodes.has(found.moved[id] ?? id)).length, links: links - this.model.links.size }
    const isLess = gone.nodes > 0 || (gone.links > 0 && !joined.length)
    const isSame = isNew && !isLess && before === this.#told()
    const outdated = this.#outdatedWords(found, this.#outdated)
    const told = [
      joined.length ? t('view.joined', { count: joined.length }) : '',
      isLess ? t('view.changed', gone) : isNew ? t(isSame ? 'view.same' : 'view.anew') : '',
      outdated,
      forgotten ? t('undo.shorter', { most: MOST_NODES }) : '',
    ].filter(Boolean)
    if (!told.length) return
    const stays = (isLess || joined.length > 0 || outdated !== '') && isNew
    this.onTell({ text: told.join(' '), trouble: false, stays, yields: isSame && told.length === 1 })
  }

  /** The view as a part of the address, which is never sent to a server. */
  fragment(): string {
    return this.model.nodes.size ? viewFragment(this.view()) : ''
  }

  view(): SavedView {
    return { state: this.model.snapshot(), language: currentLanguage() }
  }

  /** Draw what the address asks for: a view, or a node by its key. */
  async openAddress(fragment: string): Promise<string> {
    const node = new URLSearchParams(fragment.replace(/^#/, '')).get('node')
    if (node) return this.open(node)
    const saved = readFragment(fragment)
    if (saved) await this.restore(saved)
    return this.model.selected[0] ?? ''
  }

  /** A view is a question: the service says anew what is in it. */
  async restore({ state }: SavedView): Promise<void> {
    const ids = state.nodes.map(([id]) => id)
    this.counts.clear()
    if (!ids.length) return
    this.day = latest(state.filter.day)
    const found = await this.#graph(ids)
    this.version = found.version
    this.model.today = found.day
    this.model.restore(state, nodesOf(found.nodes), linksOf(found.links), found.moved)
    this.stage?.fit()
    const fewer = Math.max(0, (state.links ?? 0) - this.model.links.size)
    const gone = { nodes: found.gone.count, links: fewer }
    const isLess = gone.nodes > 0 || gone.links > 0
    const told = [isLess ? t('view.gone', gone) : t('view.restored', { count: ids.length }), this.#outdatedWords(found)]
    this.tell(told.join(' '), false, [], isLess || found.outdated_suggestions > 0)
  }

  /** Keep the view in the address, and look now and then whether the graph has changed. */
  follow(): () => void {
    const keep = (): void => {
      clearTimeout(this.#keeping)
      this.#keeping = window.setTimeout(() => {
        const fragment = this.fragment()
        if (`#${fragment}` !== location.hash && (fragment || location.hash)) {
          history.replaceState(null, '', fragment ? `#${fragment}` : location.pathname + location.search)
        }
      }, KEPT)
    }
    const leave = this.model.subscribe(keep)
    const look = (): void => {
      if (document.visibilityState === 'visible' && this.model.nodes.size && Date.now() - this.#seenAt >= LOOKED) void this.look()
    }
    document.addEventListener('visibilitychange', look)
    this.#watching = window.setInterval(look, WATCHED)
    return () => {
      leave()
      clearTimeout(this.#keeping)
      clearInterval(this.#watching)
      document.removeEventListener('visibilitychange', look)
    }
  }

  /** Whether the graph has changed; if so, everything that is drawn is asked anew. */
  async look(): Promise<void> {
    this.#seenAt = Date.now()
    try {
      const { version } = await ask<{ version: string }>('readyz')
      if (this.#isAway) this.tell(t('ask.back'))
      this.#isAway = false
      if (this.version && version !== this.version) await this.refresh()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.status === 0 && !this.#isAway) this.tell(t('ask.away'), true, [], true)
      this.#isAway ||= error.status === 0
    }
  }

  /** A day for links, ownership and routes: what is drawn is filtered at once, then the service is asked. */
  setDay(day: string): void {
    this.model.setFilter({ ...this.model.filter, day })
    clearTimeout(this.#resting)
    this.#resting = window.setTimeout(() => {
      const wanted = latest(day)
      if (wanted === this.day) return
      this.day = wanted
      this.counts.clear()
      this.model.setFilter({ ...this.model.filter })
      void this.attempt(() => this.refresh())
    }, RESTED)
  }

  async #neighbourhood(asked: string, options: object): Promise<NeighbourhoodsAnswer> {
    const body = { nodes: [asked], as_of: this.day, drawn: this.#drawn(), ...options }
    const found = await ask<NeighbourhoodsAnswer>('v1/neighbourhoods', { body })
    const id = found.neighbourhoods[0]?.node ?? asked
    this.#remember(found, id)
    this.add(nodesOf(found.nodes), linksOf(found.links), id)
    if (found.gone.count) await this.refresh()
    return found
  }

  /** Nodes with all links among them, whose periods the filter reads: with a day, who is sought is of that day. */
  async #graph(nodes: readonly string[]): Promise<SubgraphAnswer> {
    const found = await ask<SubgraphAnswer>('v1/graph', { body: { nodes } })
    if (!this.day) return found
    const then = await ask<SubgraphAnswer>('v1/graph', { body: { nodes, as_of: this.day } })
    return { ...found, nodes: then.nodes }
  }

  /** Of the suggestions that are told no longer; '' where they are no more than was said before. */
  #outdatedWords({ outdated_suggestions: count }: SubgraphAnswer, before = 0): string {
    this.#outdated = count
    return count > before ? t('view.outdated', { count }) : ''
  }

  #remember(found: NeighbourhoodsAnswer, id: string): Count[] {
    const counts = found.neighbourhoods[0]?.counts ?? []
    this.counts.set(id, counts)
    this.#seen(found)
    return counts
  }

  /** All that the service said of what is drawn. */
  #told(): string {
    return JSON.stringify([...this.model.nodes.values(), ...this.model.links.values()])
  }

  #drawn(): string[] {
    return [...this.model.nodes.keys()]
  }

  #seen({ version, as_of, day }: SubgraphAnswer): void {
    if (!as_of) this.model.today = day
    // The version is that of everything drawn: a new one counts once everything was asked anew.
    if (this.version && version !== this.version) void this.attempt(() => this.refresh())
    else this.version = version
  }
}

/** The address of a node. */
export const entityAddress = (id: string): string => `v1/entities/${part(id)}`
