// The picture on the screen: camera, mouse and touch, and what a screen reader hears. The drawing itself is in draw.ts.
import { drag } from 'd3-drag'
import { select, type Selection } from 'd3-selection'
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom'
import { onLanguage, t } from '../words'
import { layoutWorker, trusted } from '../trusted'
import { fromCurve } from './curves'
import { draw, LABEL_WIDTH, legendStrip, linkStatus, nameOf, names, NOTE, PAPER, RADIUS, radiusAt, sentence, standingParts, TEXT, type Camera, type Drawn } from './draw'
import { pngPicture, sentenceOf, svgPicture, type PrintAbout } from './export'
import type { GraphLink, GraphNode } from './graph'
import { LINE, textWidth, wrap } from './labels'
import { Layouts } from './layout'
import type { LayoutNode } from './forces'
import type { GraphModel } from './model'
import { CanvasPen } from './pen-canvas'
import { columnPlaces } from './places'

interface StageEvents {
  onSelect(ids: string[], kind: 'node' | 'link' | 'none'): void
  onExpand(id: string): void
}

export type Way = 'left' | 'right' | 'up' | 'down'

/** Milliseconds after which a moved picture is drawn anew; more where drawing takes a large part of that. */
const REDRAW = 250
const SHARE = 5
/** The canvas is larger than what is seen of it, so that there is something to see at once when it is moved. */
const MARGIN = 0.12
const REACH = 12
/** What is nearer to an edge than this may be cut off. */
const EDGE = 24
/** So many times as high as wide, a picture has its columns as rows; a few columns stand in any. */
const TALL = 0.9
const FEW_COLUMNS = 3
const DIRECTIONS: Record<Way, number> = { right: 0, down: Math.PI / 2, left: Math.PI, up: -Math.PI / 2 }

export class Stage {
  readonly canvas = document.createElement('canvas')
  readonly #live = document.createElement('p')
  /** How many names have no room, above the legend; and what is under the pointer, beside it. */
  readonly #unnamed = document.createElement('p')
  readonly #tip = document.createElement('p')
  readonly #layouts = new Layouts(() => new Worker(trusted(layoutWorker), { type: 'module' }))
  readonly #zoom: ZoomBehavior<HTMLElement, unknown>
  /** Gestures are heard by the host: the canvas moves under the pointer while the camera moves. */
  readonly #surface: Selection<HTMLElement, unknown, null, undefined>
  readonly #observer: ResizeObserver
  readonly #leave: (() => void)[]
  #camera: ZoomTransform = zoomIdentity
  #drawnAt: Camera = { k: 1, x: 0, y: 0 }
  #drawn: Drawn = { labels: [], curves: new Map(), legend: 0, unnamed: 0 }
  #lit: ReadonlySet<string> | null = null
  #anonymous = false
  #isAsked = false
  #lastDraw = 0
  #pause = REDRAW
  #late = 0
  #size = { width: 0, height: 0 }
  #isFitted = false
  #epoch = -1
  /** Whether the whole is shown, and nobody has moved the camera since. */
  #isWhole = false
  /** What is under the pointer. */
  #under: GraphNode | GraphLink | undefined
  #dragged: { id: string; x: number; y: number } | null = null

  constructor(readonly host: HTMLElement, readonly model: GraphModel, readonly events: StageEvents) {
    this.canvas.setAttribute('role', 'img')
    this.canvas.className = 'stage-canvas'
    this.#live.className = 'stage-live'
    this.#live.setAttribute('role', 'status')
    host.classList.add('stage')
    this.#unnamed.className = 'stage-unnamed'
    this.#tip.className = 'stage-tip'
    this.#tip.setAttribute('aria-hidden', 'true')
    host.append(this.canvas, this.#live, this.#unnamed, this.#tip)
    this.#surface = select(host)
    this.#zoom = zoom<HTMLElement, unknown>()
      .scaleExtent([0.05, 4])
      .clickDistance(4)
      .duration(0)
      .filter(event => !event.button && event.type !== 'dblclick' && !(event.ctrlKey && event.type !== 'wheel'))
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        if (event.sourceEvent) this.#isWhole = false
        this.#move(event.transform)
      })
      .on('end', () => this.#ask())
    this.#listen()
    this.#observer = new ResizeObserver(() => this.#resize())
    this.#observer.observe(host)
    this.#leave = [model.subscribe(() => this.#changed()), onLanguage(() => this.#changed())]
    this.#resize()
    this.#changed()
  }

  get anonymous(): boolean { return this.#anonymous }
  set anonymous(hidden: boolean) {
    this.#anonymous = hidden
    this.#point()
    this.redraw()
  }

  get camera(): Camera { return { k: this.#camera.k, x: this.#camera.x, y: this.#camera.y } }
  /** What was drawn last: where texts stand, and how links run. */
  get drawn(): Drawn { return this.#drawn }

  highlight(lit: { nodes: string[]; links: string[] } | null): void {
    this.#lit = lit && new Set([...lit.nodes, ...lit.links])
    this.redraw()
  }

  /** Lay out by forces what is not pinned, or in columns by hop; in a tall picture, those are rows. */
  async layout(kind: 'free' | { columns: string[][] }): Promise<void> {
    if (kind === 'free') {
      this.model.loosen()
      await this.#forces(() => false)
    } else {
      this.#layouts.cancel()
      const { width, height } = this.#free()
      const isTall = height > width * TALL && kind.columns.length > FEW_COLUMNS
      this.model.arrange(columnPlaces(kind.columns, this.model.visible().links, isTall))
    }
    this.fit()
  }

  fit(ids?: string[]): void {
    const wanted = ids && new Set(ids)
    const shown = this.model.visible().nodes.filter(node => !wanted || wanted.has(node.id))
    const { width, height } = this.#free()
    if (!shown.length || !width || height <= 0) return
    const places = shown.map(node => this.model.positions.get(node.id)!)
    const [left, right] = [Math.min(...places.map(p => p.x)), Math.max(...places.map(p => p.x))]
    const [top, bottom] = [Math.min(...places.map(p => p.y)), Math.max(...places.map(p => p.y))]
    const k = Math.min(1.2, (width - Math.min(150, width / 4)) / Math.max(1, right - left), (height - 110) / Math.max(1, bottom - top))
    const scale = Math.max(0.05, k)
    this.#go(zoomIdentity.translate(width / 2, height / 2).scale(scale).translate(-(left + right) / 2, -(top + bottom) / 2))
    this.#isWhole = !ids
  }

  zoomBy(factor: number): void {
    this.#isWhole = false
    this.#surface.call(this.#zoom.scaleBy, factor)
    this.#ask()
  }

  center(id: string): void {
    const at = this.model.positions.get(id)
    if (!at) return
    this.#isWhole = false
    const { width, height } = this.#size
    this.#go(zoomIdentity.translate(width / 2, height / 2).scale(this.#camera.k).translate(-at.x, -at.y))
  }

  /** Go along a link to the neighbour that lies that way; without a choice, to the first node. */
  focusNext(way: Way): void {
    const { nodes, links } = this.model.visible()
    const here = nodes.find(node => node.id === this.model.selected[0])
    const next = here ? this.#neighbour(here, way, nodes, links) : nodes[0]
    if (!next) return
    this.model.select([next.id])
    this.#bringIn(next.id)
    this.say(this.describe(next))
    this.events.onSelect([next.id], 'node')
  }

  async export(format: 'svg' | 'png', about: PrintAbout): Promise<Blob> {
    if (format === 'svg') return new Blob([svgPicture(this.model, about, this.#anonymous)], { type: 'image/svg+xml' })
    return pngPicture(this.model, about, this.#anonymous)
  }

  /** Let a screen reader say it. */
  say(text: string): void { this.#live.textContent = text }

  describe(node: GraphNode): string {
    const name = nameOf(node, this.model.visible().nodes, this.#anonymous)
    const links = this.model.visible().links.filter(link => link.from === node.id || link.to === node.id).length
    return t(node.sought ? 'stage.node.sought' : 'stage.node', { name, links })
  }

  /** A link in a sentence, with whose word it is. */
  tell(link: GraphLink): string {
    const called = names(this.model.visible().nodes, this.#anonymous)
    const status = linkStatus(link, this.#anonymous)
    return sentence(link, id => called.get(id) ?? '', this.#anonymous) + (status && ` · ${status}`)
  }

  /** Draw at once. */
  redraw(): void {
    clearTimeout(this.#late)
    this.#late = 0
    this.#isAsked = false
    const begun = performance.now()
    const { width, height } = this.#size
    const context = this.canvas.getContext('2d')
    if (!context || !width || !height) return
    const [dx, dy] = [width * MARGIN, height * MARGIN]
    const ratio = devicePixelRatio || 1
    this.#drawnAt = this.camera
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.fillStyle = PAPER
    context.fillRect(0, 0, width + 2 * dx, height + 2 * dy)
    context.translate(dx, dy)
    this.canvas.style.transform = ''
    this.#drawn = draw(new CanvasPen(context), {
      ...this.model.shown(),
      positions: this.#places(),
      selected: new Set(this.model.selected),
      lit: this.#lit,
      anonymous: this.#anonymous,
      legend: true,
      around: Math.max(dx, dy),
    }, this.camera, width, height)
    const { legend, unnamed } = this.#drawn
    this.#unnamed.textContent = unnamed ? t('stage.unnamed', { count: unnamed }) : ''
    this.#unnamed.style.bottom = `${legend}px`
    this.#lastDraw = performance.now()
    this.#pause = Math.max(REDRAW, SHARE * (this.#lastDraw - begun))
  }

  destroy(): void {
    for (const leave of this.#leave) leave()
    this.#observer.disconnect()
    this.#layouts.destroy()
    clearTimeout(this.#late)
    for (const part of [this.canvas, this.#live, this.#unnamed, this.#tip]) part.remove()
  }

  #changed(): void {
    const { nodes } = this.model.visible()
    this.canvas.setAttribute('aria-label', sentenceOf(this.model))
    if (!nodes.length) this.#isFitted = false
    this.#point() // what is gone is not told either
    this.#ask()
    if (this.model.epoch === this.#epoch) return
    this.#epoch = this.model.epoch
    // A layout of what is no longer drawn so would put it back.
    if (this.model.fresh.size) void this.#placeFresh()
    else {
      this.#layouts.cancel()
      if (nodes.length && !this.#isFitted) this.fit()
      this.#isFitted = nodes.length > 0
    }
  }

  /** Where everything stands, with what is being dragged under the pointer. */
  #places(): ReadonlyMap<string, { x: number; y: number }> {
    const moved = this.#dragged
    return moved ? new Map<string, { x: number; y: number }>(this.model.positions).set(moved.id, moved) : this.model.positions
  }

  /** New nodes find their places; what is drawn stays where it is. */
  async #placeFresh(): Promise<void> {
    const fresh = new Set(this.model.fresh)
    const isFirst = fresh.size === this.model.nodes.size
    if (!(await this.#forces(id => !fresh.has(id)))) return
    if (isFirst || !this.#isFitted) this.fit()
    else this.#showFresh()
    this.#isFitted = true
  }

  /** Whether they were laid out to the end. */
  async #forces(isFixed: (id: string) => boolean): Promise<boolean> {
    const { nodes, links } = this.model.visible()
    const request = {
      nodes: nodes.map((node): LayoutNode => {
        const { x, y, pinned } = this.model.positions.get(node.id)!
        return { id: node.id, x, y, ...room(node), isFixed: pinned || isFixed(node.id) }
      }),
      links: links.map((link): [string, string] => [link.from, link.to]),
    }
    const free = new Set(request.nodes.filter(node => !node.isFixed).map(node => node.id))
    const only = <T>(places: Map<string, T>): Map<string, T> => new Map([...places].filter(([id]) => free.has(id)))
    const found = await this.#layouts.ask(request, places => this.model.place(only(places), false))
    if (found) this.model.place(only(found))
    return found !== null
  }

  /** What the legend leaves of the picture. */
  #free(): { width: number; height: number } {
    const { width, height } = this.#size
    return { width, height: height - NOTE - legendStrip(this.model.shown(), width).height }
  }

  /** Where new nodes came to stand out of sight, show the whole: the camera moves, no node does. */
  #showFresh(): void {
    const { width, height } = this.#free()
    const isOut = this.model.visible().nodes.some(node => {
      const { x, y } = this.model.positions.get(node.id)!
      const [sx, sy] = this.#camera.apply([x, y])
      return sx < EDGE || sy < EDGE || sx > width - EDGE || sy > height - EDGE
    })
    if (isOut) this.fit()
  }

  #neighbour(here: GraphNode, way: Way, nodes: GraphNode[], links: GraphLink[]): GraphNode | undefined {
    const at = this.model.positions.get(here.id)!
    const beside = new Set(links.flatMap(({ from, to }) => (from === here.id ? [to] : to === here.id ? [from] : [])))
    beside.delete(here.id)
    const turned = (node: GraphNode): number => {
      const { x, y } = this.model.positions.get(node.id)!
      const off = Math.abs(Math.atan2(y - at.y, x - at.x) - DIRECTIONS[way])
      return Math.min(off, 2 * Math.PI - off)
    }
    const distance = (node: GraphNode): number => {
      const { x, y } = this.model.positions.get(node.id)!
      return Math.hypot(x - at.x, y - at.y)
    }
    const ahead = nodes.filter(node => beside.has(node.id) && turned(node) < Math.PI / 3)
    return ahead.sort((a, b) => turned(a) - turned(b) || distance(a) - distance(b))[0]
  }

  #bringIn(id: string): void {
    const at = this.model.positions.get(id)
    const [x, y] = at ? this.#camera.apply([at.x, at.y]) : [0, 0]
    if (x < 40 || y < 40 || x > this.#size.width - 40 || y > this.#size.height - 40) this.center(id)
  }

  #listen(): void {
    const grab = drag<HTMLElement, unknown, GraphNode | undefined>()
      .clickDistance(4)
      .filter(event => !event.button && !event.shiftKey && !event.ctrlKey && !event.metaKey)
      .subject(event => this.nodeAt(event.x, event.y))
      .on('drag', ({ subject, sourceEvent }) => {
        this.#dragged = { id: subject.id, ...this.#world(...this.#place(sourceEvent)) }
        this.#ask()
      })
      .on('end', ({ subject }) => {
        if (!this.#dragged) return
        const at = this.model.positions.get(subject.id)
        const to = this.#dragged
        this.#dragged = null
        if (at && Math.hypot(at.x - to.x, at.y - to.y) * this.#camera.k > 4) this.model.pin(subject.id, to.x, to.y)
        else this.#ask()
      })
    this.#surface.call(grab).call(this.#zoom)
    this.host.addEventListener('click', event => this.#click(event))
    this.host.addEventListener('dblclick', event => {
      const node = this.nodeAt(...this.#place(event))
      if (node) this.events.onExpand(node.id)
    })
    this.host.addEventListener('pointermove', event => {
      if (event.buttons || event.pointerType === 'touch') return
      const [x, y] = this.#place(event)
      this.#point(this.nodeAt(x, y) ?? this.linkAt(x, y), x, y)
    })
    this.host.addEventListener('pointerleave', () => this.#point())
  }

  /** Say beside the pointer what is under it: names and words for which there is no room are read so. */
  #point(found?: GraphNode | GraphLink, x = 0, y = 0): void {
    if (found !== this.#under) {
      this.#under = found
      this.host.classList.toggle('stage-over', found !== undefined)
      this.#tip.textContent = !found ? '' : 'from' in found ? this.tell(found) : this.describe(found)
    }
    if (!found) return
    const { offsetWidth: width, offsetHeight: height } = this.#tip
    this.#tip.style.left = `${Math.max(4, Math.min(x + 14, this.#size.width - width - 4))}px`
    this.#tip.style.top = `${y + 18 + height > this.#size.height ? y - height - 10 : y + 18}px`
  }

  #click(event: MouseEvent): void {
    const [x, y] = this.#place(event)
    const node = this.nodeAt(x, y)
    const several = event.shiftKey || event.ctrlKey || event.metaKey
    if (node) {
      const had = this.model.selected.filter(id => this.model.nodes.has(id))
      const ids = !several ? [node.id] : had.includes(node.id) ? had.filter(id => id !== node.id) : [...had, node.id]
      this.model.select(ids)
      this.events.onSelect(ids, ids.length ? 'node' : 'none')
      return
    }
    const link = this.linkAt(x, y)
    if (several && !link) return
    this.model.select(link ? [link.id] : [])
    this.events.onSelect(link ? [link.id] : [], link ? 'link' : 'none')
  }

  /** The node at a point of the host. */
  nodeAt(x: number, y: number): GraphNode | undefined {
    const [wx, wy] = this.#camera.invert([x, y])
    const { nodes } = this.model.visible()
    let best = (radiusAt(this.#camera.k, nodes.length) + 6) / this.#camera.k
    return nodes.reduce<GraphNode | undefined>((nearest, node) => {
      const at = this.model.positions.get(node.id)!
      const distance = Math.hypot(at.x - wx, at.y - wy)
      if (distance > best) return nearest
      best = distance
      return node
    }, undefined)
  }

  linkAt(x: number, y: number): GraphLink | undefined {
    const [wx, wy] = this.#camera.invert([x, y])
    const at = this.#drawnAt
    let [nearest, best] = ['', REACH]
    for (const [id, curve] of this.#drawn.curves) {
      const distance = fromCurve(wx * at.k + at.x, wy * at.k + at.y, curve, REACH)
      if (distance < best) [nearest, best] = [id, distance]
    }
    return this.model.links.get(nearest)
  }

  #place(event: MouseEvent | TouchEvent): [number, number] {
    const box = this.host.getBoundingClientRect()
    const { clientX, clientY } = 'changedTouches' in event ? event.changedTouches[0]! : event
    return [clientX - box.left, clientY - box.top]
  }

  #world(x: number, y: number): { x: number; y: number } {
    const [wx, wy] = this.#camera.invert([x, y])
    return { x: wx, y: wy }
  }

  #go(camera: ZoomTransform): void {
    this.#surface.call(this.#zoom.transform, camera)
    this.#ask()
  }

  /** The camera moves the picture that is there; it is drawn anew now and then, and when the camera rests. */
  #move(camera: ZoomTransform): void {
    this.#camera = camera
    const { width, height } = this.#size
    const [dx, dy] = [width * MARGIN, height * MARGIN]
    const k = camera.k / this.#drawnAt.k
    const x = camera.x - this.#drawnAt.x * k + dx - dx * k
    const y = camera.y - this.#drawnAt.y * k + dy - dy * k
    this.canvas.style.transform = `translate(${x}px, ${y}px) scale(${k})`
    if (performance.now() - this.#lastDraw >= this.#pause && !this.#late) this.#ask()
    else if (!this.#late) this.#late = window.setTimeout(() => this.redraw(), this.#pause)
  }

  #ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame(() => { if (this.#isAsked) this.redraw() })
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host
    if (width === this.#size.width && height === this.#size.height) return
    const before = this.#size
    this.#size = { width, height }
    const ratio = devicePixelRatio || 1
    this.canvas.width = Math.round(width * (1 + 2 * MARGIN) * ratio)
    this.canvas.height = Math.round(height * (1 + 2 * MARGIN) * ratio)
    this.canvas.style.width = `${width * (1 + 2 * MARGIN)}px`
    this.canvas.style.height = `${height * (1 + 2 * MARGIN)}px`
    this.canvas.style.left = `${-width * MARGIN}px`
    this.canvas.style.top = `${-height * MARGIN}px`
    this.#zoom.extent([[0, 0], [width, height]])
    if (!before.width || this.#isWhole) this.fit()
    else {
      const [dx, dy] = [(width - before.width) / 2, (height - before.height) / 2]
      this.#go(zoomIdentity.translate(this.#camera.x + dx, this.#camera.y + dy).scale(this.#camera.k))
    }
    this.redraw()
  }
}

/** The room that a node takes with its name below it; `down`: how far the middle of it is below the node's. */
function room(node: GraphNode): { width: number; height: number; down: number } {
  const lines = wrap(node.caption || node.id, LABEL_WIDTH, TEXT)
  lines.push(...standingParts(node))
  const width = Math.max(2 * RADIUS + (node.sought ? 24 : 12), ...lines.map(line => textWidth(line, TEXT))) + 12
  const text = lines.length * TEXT * LINE
  return { width, height: 2 * RADIUS + text + 16, down: text / 2 }
}
