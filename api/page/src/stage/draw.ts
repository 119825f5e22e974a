// Draws the graph through a pen. The same picture on a canvas, in a file of SVG and on paper.
import { currentLanguage, isolatedName, t, tOr } from '../words'
import { along, arrow, bent, fromCurve, loop, mayLook, shiftAround } from './curves'
import { hasEnded } from './filter'
import { isDoubtful, linkLook, nodeLook, outcome, standing, strictest, type GraphLink, type GraphNode } from './graph'
import { LINE, Occupied, plain, placeLabels, textWidth, wrap, type Box, type Placed, type Wanted } from './labels'
import type { Curve, Outline, Pen, Style } from './pen'
import { outline } from './shapes'

/** A point of the picture is k times its place, and then so much to the right and down. */
export interface Camera { k: number; x: number; y: number }

export interface Picture {
  nodes: readonly GraphNode[]
  links: readonly GraphLink[]
  positions: ReadonlyMap<string, { x: number; y: number; pinned?: boolean }>
  selected: ReadonlySet<string>
  /** What is lit while the rest fades; null where nothing is. */
  lit: ReadonlySet<string> | null
  /** Names are hidden, for a picture to show around. */
  anonymous: boolean
  legend: boolean
  /** Words stand on all links, where there is room, however far away one looks. */
  captions?: boolean
  /** The day that is shown, by which links have ended; '' where none is known. */
  day: string
  /** Whether that day was chosen: links without a date are then shown too, and the legend counts them. */
  isDayChosen: boolean
  /** So far beyond its edges things are drawn too. */
  around: number
}

/** What came of it: where texts stand, how links run, how high the legend is, and how many names of what is seen found no room. */
export interface Drawn { labels: Placed[]; curves: ReadonlyMap<string, Curve>; legend: number; unnamed: number }

export const RADIUS = 15
export const INK = '#1b1f24'
export const PAPER = '#ffffff'
const SOUGHT = '#A3000B'
const CLEARED = '#006B4E'
const CHOSEN = '#56B4E9'
const FADED = 0.15
export const TEXT = 12
/** Of a name that has to stand where there is little room. */
const SHORT_NAME = 64
export const LABEL_WIDTH = 132
const MOST_CAPTIONS = 60
const MOST_BESIDE = 16
/** Above the legend stands how many names have no room. */
export const NOTE = 18
/** The least and the greatest width of words on a link. */
const CAPTION_WIDTHS = [64, 140] as const
/** What words on a link keep between their middle and any other link. */
const ALONE = 8
/** Names for which a place is looked for; fewer where so many nodes are seen that hardly any finds one. */
const MOST_TRIED = 400
const MOST_TRIED_IN_A_CROWD = 150
const CROWDED = 1000
/** Of more links, none is thicker than a pixel: so thin a line costs a thirtieth, and many thick ones hide each other. */
const MOST_THICK = 250
const MOST_PERIODS = 3
const ALLEGED = [7, 5]
const CONTRADICTED = [2, 4]
const ACQUITTED = [12, 4, 2, 4]
const ENDED = [1, 3]
const ENDED_COLOR = '#767676'

/** How one node of a picture is called in it. */
export const nameOf = (node: GraphNode, nodes: readonly GraphNode[], anonymous: boolean): string => (
  (anonymous ? names(nodes, true).get(node.id) : plain(node.caption)) || node.id
)

/** How each node is called in this picture. */
export function names(nodes: readonly GraphNode[], anonymous: boolean): Map<string, string> {
  const counts = new Map<string, number>()
  return new Map(nodes.map(node => {
    if (!anonymous) return [node.id, plain(node.caption) || node.id]
    const count = (counts.get(node.type) ?? 0) + 1
    counts.set(node.type, count)
    return [node.id, `${typeWord(node.type)} ${count}`]
  }))
}

export const typeWord = (type: string): string => tOr(`type.${type}`, type.replace(/(?<=[a-z])(?=[A-Z])/g, ' '))
export const propertyWord = (name: string): string => tOr(`property.${name}`, name.replaceAll('_', ' '))

/** What a link of a type and role says, from the side of its first end or, by another direction than `out`, of its last. */
export function linkWord(type: string, role = '', direction = 'out'): string {
  const { caption, inverse } = linkLook(type).roles[role] ?? linkLook(type)
  const key = `link.${type}${role && `.${role}`}`
  return direction === 'out' ? tOr(key, caption || type) : tOr(`${key}.inverse`, inverse || type)
}

/** What a handling code asks of whoever holds the picture. */
export const handlingWord = (code: string): string => tOr(`stage.${code}`, code)

/** The kind of a link in words; of an accusation that is over, how it ended. */
export function kindWord(link: Pick<GraphLink, 'type' | 'stages'>, role = ''): string {
  const ended = outcome(link.stages)
  return ended ? tOr(`stage.ended.${ended}`, ended) : linkWord(link.type, role)
}

/** What a link says: its kind, how much and when, and unless names are hidden, in which role and what else it says. */
export function linkSays(link: Pick<GraphLink, 'type' | 'stages' | 'label'>, anonymous = false): string {
  const { label } = link
  if (!label) return kindWord(link)
  const look = linkLook(link.type)
  const [role, { caption }] = Object.entries(look.roles).find(([, words]) => label.startsWith(words.caption)) ?? ['', look]
  const rest = label.startsWith(caption) ? label.slice(caption.length) : null
  if (!anonymous) return rest === null ? label : kindWord(link, role) + qualifierWords(rest)
  const nameless = rest?.split(', ').filter(one => NAMELESS.test(one)) ?? []
  return listed([kindWord(link, role), ...nameless.map(qualifierWords)])
}

/** A link in as few words as it may have: its kind, and the share without which that is another statement. */
export function shortWords(link: Pick<GraphLink, 'type' | 'stages' | 'label'>): string {
  const share = link.label?.split(', ').find(one => NAMELESS.test(one) && one.endsWith('%'))
  return listed(share ? [kindWord(link), share] : [kindWord(link)])
}

const listed = (words: readonly string[]): string => words.join(currentLanguage() === 'en' ? ', ' : '，')

/** What no name can stand in: a share, or a date. */
const NAMELESS = /^(\d(?:[\d.–% -]|to|or)*%|(from|until|in|on) \d[\d-]*)$/

/** What a link says besides its kind: `, 51 %, role: suspect, until 2001`. */
function qualifierWords(text: string): string {
  if (currentLanguage() === 'en') return text
  return text.split(', ').map(one => {
    const [, name, value = ''] = /^([A-Za-z ]+): (.+)$/.exec(one) ?? []
    if (name) {
      const property = name.toLowerCase().replaceAll(' ', '_')
      const known = [property, `${property}_on`].find(kind => tOr(`property.${kind}`, '')) ?? property
      const words = value.split(' or ').map(one => tOr(`value.${known}.${one.replaceAll(' ', '_')}`, ''))
      return `${propertyWord(known)}：${words.every(Boolean) ? words.join('或') : value}`
    }
    return one.replace(/^(from|until|in|on) (?=[\d])/, (_, word: string) => tOr(`qualifier.${word}`, word))
      .replace(/^[a-z][a-z ]+$/, word => tOr(`qualifier.${word}`, word))
  }).join('，')
}

/** Whose word it is, and what it is: alleged, suggested, contradicted, or how far proceedings have gone, as whom says. */
export function linkStatus(link: GraphLink, anonymous = false): string {
  const stages = (link.stages ?? []).map(({ stage, by }) => {
    const word = tOr(`accusation.${stage || 'alleged'}`, stage)
    return anonymous ? word : t('stage.says.stage', { stage: word, by: by.join(', ') })
  })
  const hasWord = (link.stages ?? []).some(({ stage }) => !stage || stage === 'alleged')
  return [
    link.alleged && !hasWord && t('stage.says.alleged'), ...stages, link.suspected && t('stage.says.suspected'), link.suggested && t('stage.says.suggested'),
    link.contradicted && t('stage.says.contradicted'),
  ].filter(Boolean).join('; ')
}

export function periodWords(from: string, to: string, event = false): string {
  if (event || (from && from === to)) return from || to
  if (from && to) return t('period.both', { from, to })
  return from ? t('period.from', { from }) : t('period.to', { to })
}

/** The periods of a link in words, each once. */
export const periodsTold = ({ event, periods }: GraphLink): string[] => [...new Set(periods.map(({ from, to }) => periodWords(from, to, event)))]

/** From when to when a link held, where somebody says that it ended, in brackets; else ''. */
function endWords(link: GraphLink): string {
  if (link.event || !link.periods.some(({ from, to }) => to && to !== from)) return ''
  const told = periodsTold(link)
  return ` (${told.slice(0, MOST_PERIODS).join('; ')}${told.length > MOST_PERIODS ? '; …' : ''})`
}

/** A sentence of one link: who, what, whom, and the rest. */
export function sentence(link: GraphLink, name: (id: string) => string, anonymous = false): string {
  const [word, says] = [kindWord(link), linkSays(link, anonymous)]
  const [what, rest] = says.startsWith(word) ? [word, says.slice(word.length)] : [says, '']
  return `${isolatedName(name(link.from))} ${what} ${isolatedName(name(link.to))}${rest}`
}

/** The size of a node on the screen: few nodes shrink less than the picture does, and none grows beyond what is useful. */
export const radiusAt = (k: number, count: number): number => (
  Math.max(2, RADIUS * Math.min(k < 1 && count <= 300 ? k ** 0.7 : k, 1.4))
)

export function draw(pen: Pen, picture: Picture, camera: Camera, width: number, height: number): Drawn {
  const scene = new Scene(pen, picture, camera, width, height)
  scene.links()
  scene.nodes()
  return scene.texts()
}

type Batch<T> = Map<string, { style: Style; items: T[] }>

function into<T>(batch: Batch<T>, style: Style, item: T): void {
  const key = `${style.stroke}${style.fill} ${style.width} ${style.dash?.[0]} ${style.opacity}`
  const there = batch.get(key)
  if (there) there.items.push(item)
  else batch.set(key, { style, items: [item] })
}

/** Those of some whose id none of the others has. */
function without<T extends { id: string }>(some: readonly T[], others: readonly { id: string }[]): T[] {
  const ids = new Set(others.map(({ id }) => id))
  return some.filter(({ id }) => !ids.has(id))
}

class Scene {
  readonly #names: Map<string, string>
  readonly #radius: number
  readonly #thickest: number
  readonly #curves = new Map<string, Curve>()
  readonly #at = new Map<string, readonly [number, number]>()
  readonly #ended: ReadonlySet<string>
  readonly #sides = new Map<string, boolean[]>()

  constructor(
    readonly pen: Pen, readonly picture: Picture, readonly camera: Camera, readonly width: number, readonly height: number,
  ) {
    this.#names = names(picture.nodes, picture.anonymous)
    this.#radius = radiusAt(camera.k, picture.nodes.length)
    this.#thickest = picture.links.length > MOST_THICK ? 1 : Infinity
    this.#ended = endedLinks(picture)
    for (const { id } of picture.nodes) {
      const { x, y } = picture.positions.get(id) ?? { x: 0, y: 0 }
      this.#at.set(id, [x * camera.k + camera.x, y * camera.k + camera.y])
    }
    this.#bend()
    this.#aside()
  }

  links(): void {
    const lines: Batch<Curve> = new Map()
    const heads: Batch<Outline> = new Map()
    const chosen: Curve[] = []
    for (const link of this.picture.links) {
      const curve = this.#curves.get(link.id)
      if (!curve || !this.#isSeen(curve)) continue
      const look = linkLook(link.type)
      const isOver = this.#ended.has(link.id)
      const color = isOver ? ENDED_COLOR : look.color
      const width = isOver ? 1.25 : look.width
      const opacity = this.#opacity(link.id)
      const dash = dashOf(link, isOver)
      const thickness = Math.min(Math.max(0.6, width * Math.min(this.camera.k, 1) * 0.8), this.#thickest)
      into(lines, { stroke: color, width: thickness, dash, opacity }, curve)
      if (this.picture.selected.has(link.id)) chosen.push(curve)
      if (look.directed && this.#radius >= 5) into(heads, { fill: color, opacity }, arrow(curve, this.#radius, width))
    }
    if (chosen.length) this.pen.curves(chosen, { stroke: CHOSEN, width: 9, opacity: 0.6 })
    for (const { style, items } of lines.values()) this.pen.curves(items, style)
    for (const { style, items } of heads.values()) this.pen.outlines(items, style)
  }

  nodes(): void {
    const halos: Outline[] = []
    const rings: Batch<Outline> = new Map()
    const shapes: Batch<Outline> = new Map()
    const radius = this.#radius
    for (const node of this.picture.nodes) {
      const [x, y] = this.#at.get(node.id)!
      const out = this.picture.around
      if (x < -out || y < -out || x > this.width + out || y > this.height + out) continue
      const look = nodeLook(node.type)
      const opacity = this.#opacity(node.id)
      if (this.picture.selected.has(node.id)) halos.push(outline('circle', x, y, radius + (node.sought ? 16 : 8)))
      if (node.sought) {
        into(rings, { fill: PAPER, stroke: SOUGHT, width: radius < 5 ? 1 : 3, opacity }, outline(look.shape, x, y, radius + (radius < 5 ? 1.5 : 5)))
      }
      const style = { fill: look.color, stroke: look.border, width: radius < 5 ? 0.5 : Math.min(1.5, this.#thickest), opacity }
      into(shapes, style, outline(look.shape, x, y, radius, this.#title(node)))
    }
    if (halos.length) this.pen.outlines(halos, { fill: CHOSEN, opacity: 0.6 })
    for (const { style, items } of rings.values()) this.pen.outlines(items, style)
    for (const { style, items } of shapes.values()) this.pen.outlines(items, style)
  }

  texts(): Drawn {
    const occupied = new Occupied()
    const radius = this.#radius
    const notice = this.#notice(occupied)
    const legend = this.picture.legend ? legendStrip(this.picture, this.width, this.#ended) : { items: [], height: 0 }
    const foot = { x: 0, y: this.height - legend.height - NOTE, width: this.width, height: legend.height + NOTE }
    if (legend.height) occupied.add(foot)
    const seen = this.picture.nodes.filter(node => this.#isInside(node.id))
    const occupy = (nodes: readonly GraphNode[], room: Occupied): void => nodes.forEach(({ id, sought }) => {
      const [x, y] = this.#at.get(id)!
      const out = radius + (sought && radius >= 5 ? 5 : 0)
      room.add({ x: x - out, y: y - out, width: 2 * out, height: 2 * out })
    })
    const { selected, lit, positions } = this.picture
    const isPinned = ({ id }: { id: string }): boolean => positions.get(id)?.pinned === true
    const rank = (node: GraphNode): number => (
      (selected.has(node.id) ? 8e6 : 0) + (lit?.has(node.id) ? 4e6 : 0) + (node.sought ? 2e6 : 0)
      + (isPinned(node) ? 1e6 : 0) + node.degree
    )
    const ranks = new Map(seen.map(node => [node, rank(node)]))
    const order = [...seen].sort((a, b) => ranks.get(b)! - ranks.get(a)! || (a.id < b.id ? -1 : 1))
      .slice(0, seen.length > CROWDED ? MOST_TRIED_IN_A_CROWD : MOST_TRIED)
    const marks = new Map(order.map(node => [node.id, mark(node)]))
    const wanted = (node: GraphNode, most?: number): Wanted => this.#wanted(node, marks.get(node.id)?.lines ?? [], most)
    const inside = { x: 0, y: 0, width: this.width, height: this.height }
    // What is lit is named even where it covers what has faded.
    const isLit = ({ id }: { id: string }): boolean => !lit || lit.has(id)
    const isRead = this.#readAsOwn(seen)
    const labels: Placed[] = []
    const name = (nodes: readonly GraphNode[]): void => {
      labels.push(...placeLabels(nodes.map(node => wanted(node)), occupied, inside, isRead))
    }
    occupy(seen.filter(isLit), occupied)
    // Who is chosen, sought or pinned is named first, and rather over another node than not at all.
    const first = order.filter(node => isLit(node) && (selected.has(node.id) || node.sought || isPinned(node)))
    name(first)
    const left = without(first, labels)
    if (left.length) {
      const room = new Occupied()
      occupy(first, room)
      for (const { box } of labels) room.add(box)
      if (legend.height) room.add(foot)
      this.#notice(room)
      const over = placeLabels(left.map(node => wanted(node)), room, inside)
      over.push(...placeLabels(without(left, over).map(node => wanted(node, SHORT_NAME)), room, inside))
      for (const { box } of over) occupied.add(box)
      labels.push(...over)
    }
    name(without(order.filter(isLit), first))
    if (lit) {
      occupy(seen.filter(node => !isLit(node)), occupied)
      name(order.filter(node => !isLit(node)))
    }
    const captioned = this.#captioned(seen.length)
    const captions = placeLabels(captioned.map(link => this.#words(link, this.#caption(link))), occupied, inside)
    // Where there is no room for all that a link says, there may be for its kind.
    const short = without(captioned, captions).map(link => this.#words(link, shortWords(link)))
    captions.push(...placeLabels(short, occupied, inside))
    // Behind words, lines fade: a seam around each letter takes many times as long to draw.
    this.pen.boxes([...captions, ...labels.filter(isLit)].map(({ box }) => box), { fill: PAPER, opacity: 0.8 })
    for (const { x, y, lines, size } of captions) this.pen.text(x, y, lines, { size, color: '#454d57' })
    for (const { id, x, y, lines, size } of labels) {
      const opacity = this.#opacity(id)
      const extra = marks.get(id)
      const name = extra ? lines.slice(0, -extra.lines.length) : lines
      this.pen.text(x, y, name, { size, color: INK, opacity })
      if (extra) {
        const style = { size, color: extra.color, bold: true, opacity }
        this.pen.text(x, y + name.length * size * LINE, extra.lines, style)
      }
    }
    this.#legend(legend)
    notice()
    return { labels: [...labels, ...captions], curves: this.#curves, legend: legend.height, unnamed: seen.length - labels.length }
  }

  /** Whether a text in a box is read as the name of a node: it stands nearer to no other. */
  #readAsOwn(seen: readonly GraphNode[]): (id: string, box: Box) => boolean {
    const middles = new Occupied()
    for (const { id } of seen) {
      const [x, y] = this.#at.get(id)!
      middles.add({ x, y, width: 0, height: 0 })
    }
    return (id, box) => {
      const [x, y] = this.#at.get(id)!
      const out = Math.max(box.x - x, x - box.x - box.width, box.y - y, y - box.y - box.height) - 0.01
      return middles.isFree({ x: box.x - out, y: box.y - out, width: box.width + 2 * out, height: box.height + 2 * out })
    }
  }

  /** On which sides of each node links run away from it: below, above, to the right, to the left. */
  #aside(): void {
    const { nodes, links, lit } = this.picture
    if (!mayLook(links.length, nodes.length)) return
    for (const link of links) {
      const curve = this.#curves.get(link.id)
      if (!curve || (lit && !lit.has(link.id))) continue
      this.#away(link.from, curve.cx - curve.x1, curve.cy - curve.y1)
      this.#away(link.to, curve.cx - curve.x2, curve.cy - curve.y2)
    }
  }

  #away(id: string, dx: number, dy: number): void {
    const side = Math.abs(dy) > Math.abs(dx) ? (dy > 0 ? 0 : 1) : dx > 0 ? 2 : 3
    const sides = this.#sides.get(id)
    if (sides) sides[side] = true
    else this.#sides.set(id, [0, 1, 2, 3].map(one => one === side))
  }

  /** Several links between the same two run beside each other, and around what they do not lead to. */
  #bend(): void {
    const beside = new Map<string, GraphLink[]>()
    for (const link of this.picture.links) {
      const key = link.from < link.to ? `${link.from}\n${link.to}` : `${link.to}\n${link.from}`
      const there = beside.get(key)
      if (there) there.push(link)
      else beside.set(key, [link])
    }
    const gap = 2 * Math.min(16, this.#radius * 1.2)
    const passed = mayLook(beside.size, this.picture.nodes.length) ? [...this.#at].sort(([, a], [, b]) => a[0] - b[0]) : []
    for (const links of beside.values()) {
      const { from, to } = links[0]!
      const one = from < to ? from : to
      const other = from < to ? to : from
      const [here, there] = [this.#at.get(one), this.#at.get(other)]
      if (!here || !there) continue
      const around = shiftAround([one, here], [other, there], passed, this.#radius)
      const widest = (links.length - 1) / 2 * gap
      const shift = around + Math.sign(around) * widest
      links.forEach((link, i) => {
        const title = this.pen.hasTitles ? this.#linkTitle(link) : ''
        const aside = shift + i * gap - widest
        const curve = one === other ? loop(here, this.#radius * (1 + i * 0.5), title)
          : link.from === one ? bent(here, there, aside, title) : bent(there, here, -aside, title)
        this.#curves.set(link.id, curve)
      })
    }
  }

  #wanted(node: GraphNode, extra: readonly string[], most?: number): Wanted {
    const [x, y] = this.#at.get(node.id)!
    const text = this.#names.get(node.id)!
    const lines = [...(most ? wrap(text, most, TEXT, 1) : wrap(text, LABEL_WIDTH, TEXT)), ...extra]
    const width = Math.max(...lines.map(line => textWidth(line, TEXT)))
    const height = lines.length * TEXT * LINE
    const out = this.#radius + (node.sought ? 8 : 3)
    const beside = out + 3 + width / 2
    const sides = [
      { x, y: y + out },
      { x, y: y - out - height },
      { x: x + beside, y: y - height / 2 },
      { x: x - beside, y: y - height / 2 },
    ]
    const taken = this.#sides.get(node.id) ?? [false, false, false, false]
    const places = [
      ...sides.filter((_, side) => !taken[side]),
      ...sides.filter((_, side) => taken[side]),
      ...[1, -1].flatMap(down => [1, -1].map(right => (
        { x: x + right * (width / 2 + 4), y: down > 0 ? y + out : y - out - height }
      ))),
      // At an edge of the picture, as near to its own place as it fits.
      ...[y + out, y - out - height].map(at => ({ x: Math.max(width / 2 + 4, Math.min(this.width - width / 2 - 4, x)), y: at })),
    ]
    return { id: node.id, lines, size: TEXT, places }
  }

  /** Words on links only where they were chosen, or where there is room for all. */
  #captioned(seen: number): GraphLink[] {
    const { selected, lit, captions } = this.picture
    // What has faded says nothing beside what is lit.
    const links = this.picture.links.filter(link => !lit || lit.has(link.id) || selected.has(link.id))
    const isNear = (captions || lit || this.camera.k >= 1.25) && seen <= MOST_CAPTIONS
    const ends = links.filter(link => selected.has(link.from) || selected.has(link.to))
    const beside = new Set(ends.length <= MOST_BESIDE ? ends : [])
    const shown = links.filter(link => (
      selected.has(link.id) || beside.has(link) || (isNear && this.#isSeen(this.#curves.get(link.id)))
    ))
    const rank = (link: GraphLink): number => (selected.has(link.id) ? 1 : 0)
    return shown.sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)).slice(0, MOST_CAPTIONS)
  }

  #words(link: GraphLink, text: string): Wanted {
    const curve = this.#curves.get(link.id)!
    const [dx, dy] = [curve.x2 - curve.x1, curve.y2 - curve.y1]
    const room = Math.hypot(dx, dy) - 2 * this.#radius - 12
    const [least, most] = CAPTION_WIDTHS
    const lines = wrap(text, Math.abs(dx) > Math.abs(dy) ? Math.max(least, Math.min(most, room)) : most, 11, 3)
    const places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map(part => along(curve, part)).filter(at => this.#isOnlyOn(link.id, at))
    return { id: link.id, lines, size: 11, places: places.map(([x, y]) => ({ x, y: y - lines.length * 7 })) }
  }

  /** Whether words there are read as those of this link: no other runs by. */
  #isOnlyOn(id: string, [x, y]: readonly [number, number]): boolean {
    for (const [other, curve] of this.#curves) if (other !== id && fromCurve(x, y, curve, ALONE) < ALONE) return false
    return true
  }

  #caption(link: GraphLink): string {
    const { anonymous } = this.picture
    return `${linkSays(link, anonymous)}${endWords(link)}${link.contradicted ? ' ≠' : ''}`
  }

  /** Handling codes stand on the picture itself, so that they go wherever it goes. */
  #notice(occupied: Occupied): () => void {
    const handling = strictest([...this.picture.nodes, ...this.picture.links])
    if (!handling) return () => undefined
    const text = handlingWord(handling)
    const box = { x: 8, y: 8, width: textWidth(text, TEXT) + 16, height: TEXT * LINE + 10 }
    occupied.add(box)
    return () => {
      this.pen.boxes([box], { fill: SOUGHT })
      this.pen.text(box.x + 8, box.y + 4, [text], { size: TEXT, color: PAPER, bold: true, anchor: 'start' })
    }
  }

  /** A strip along the lower edge. */
  #legend({ items, height }: LegendStrip): void {
    const top = this.height - height
    if (height) this.pen.boxes([{ x: 0, y: top, width: this.width, height }], { fill: PAPER, opacity: 0.92 })
    for (const { row, x: left, y: down } of items) {
      const [x, y] = [left + 16, top + down + 9]
      if (row.dash) {
        this.pen.curves([bent([x - 13, y], [x + 13, y], 0, '')], { stroke: row.border, width: row.border === INK ? 2 : 1, dash: row.dash })
      } else {
        const ring = { fill: PAPER, stroke: SOUGHT, width: 2 }
        if (row.sought) this.pen.outlines([outline('circle', x, y, 7)], ring)
        else this.pen.outlines([outline(row.shape, x, y, 6)], { fill: row.color, stroke: row.border, width: 1 })
      }
      this.pen.text(x + 17, y - 8, [row.text], { size: 11, color: INK, anchor: 'start' })
    }
  }

  #linkTitle(link: GraphLink): string {
    const { anonymous } = this.picture
    const status = linkStatus(link, anonymous)
    const told = `${sentence(link, id => this.#names.get(id) ?? '', anonymous)}${endWords(link)}`
    return status ? `${told} · ${status}` : told
  }

  #title(node: GraphNode): string {
    if (!this.pen.hasTitles) return ''
    const words = [this.#names.get(node.id)!, typeWord(node.type)]
    return [...words, standingWords(node)].filter(Boolean).join(' · ')
  }

  #opacity(id: string): number | undefined {
    return this.picture.lit && !this.picture.lit.has(id) ? FADED : undefined
  }

  #isInside(id: string): boolean {
    const at = this.#at.get(id)!
    return at[0] >= 0 && at[1] >= 0 && at[0] <= this.width && at[1] <= this.height
  }

  #isSeen(curve: Curve | undefined): boolean {
    const out = this.picture.around
    return curve !== undefined && Math.max(curve.x1, curve.x2) >= -out && Math.min(curve.x1, curve.x2) <= this.width + out
      && Math.max(curve.y1, curve.y2) >= -out && Math.min(curve.y1, curve.y2) <= this.height + out
  }
}

/** Ids of the links of a picture that have ended by its day. */
function endedLinks({ nodes, links, day }: Pick<Picture, 'nodes' | 'links' | 'day'>): Set<string> {
  const ends = new Map(nodes.flatMap(({ id, ended }) => (ended ? [[id, ended] as const] : [])))
  const paperEnd = (link: GraphLink): string => (link.type === 'SOUGHT_UNDER' ? ends.get(link.to) ?? '' : '')
  return new Set(links.filter(link => hasEnded(link, day, paperEnd(link))).map(link => link.id))
}

/**
 * Dotted where its sources contradict each other, dashed where it is alleged or suggested, dash and dot where all clear,
 * finely dotted where it has ended.
 */
function dashOf(link: GraphLink, isOver: boolean): readonly number[] | undefined {
  if (link.contradicted) return CONTRADICTED
  if (isDoubtful(link)) return ALLEGED
  if (outcome(link.stages) === 'cleared') return ACQUITTED
  return isOver ? ENDED : undefined
}

interface LegendRow { text: string; shape: string; color: string; border: string; sought?: boolean; dash?: readonly number[] }

const SHAPE_ORDER = ['circle', 'square', 'diamond', 'triangle', 'hexagon', 'octagon', 'note', 'pentagon']

/** What the shapes and dashes of this picture mean: only those that are in it. */
function legendRows({ nodes, links, isDayChosen }: Pick<Picture, 'nodes' | 'links' | 'isDayChosen'>, ended: ReadonlySet<string>): LegendRow[] {
  const looks = new Map([...new Set(nodes.map(node => node.type))].map(type => [nodeLook(type).shape, nodeLook(type)]))
  const rows: LegendRow[] = [...looks.entries()]
    .sort(([a], [b]) => SHAPE_ORDER.indexOf(a) - SHAPE_ORDER.indexOf(b))
    .map(([shape, { color, border }]) => ({ text: tOr(`stage.shape.${shape}`, shape), shape, color, border }))
  const plainRow = { shape: 'circle', color: PAPER, border: INK }
  if (nodes.some(node => node.sought)) rows.push({ ...plainRow, text: t('stage.sought'), sought: true })
  const dashes = new Set(links.map(link => dashOf(link, ended.has(link.id))))
  if (dashes.has(ALLEGED)) rows.push({ ...plainRow, text: t('stage.alleged'), dash: ALLEGED })
  if (dashes.has(ACQUITTED)) rows.push({ ...plainRow, text: t('stage.acquitted'), dash: ACQUITTED })
  if (dashes.has(CONTRADICTED)) rows.push({ ...plainRow, text: t('stage.contradicted'), dash: CONTRADICTED })
  if (ended.size) rows.push({ ...plainRow, border: ENDED_COLOR, text: t('stage.ended'), dash: ENDED })
  const undated = isDayChosen ? links.filter(link => !link.periods.some(({ from, to }) => from || to)).length : 0
  if (undated) rows.push({ ...plainRow, text: t('stage.undated', { count: undated }), dash: [] })
  return rows
}

interface LegendStrip { items: { row: LegendRow; x: number; y: number }[]; height: number }

/** The legend in lines of a width, and how high it is. */
export function legendStrip(
  picture: Pick<Picture, 'nodes' | 'links' | 'day' | 'isDayChosen'>, width: number, ended: ReadonlySet<string> = endedLinks(picture),
): LegendStrip {
  let [x, y] = [4, 4]
  const items = legendRows(picture, ended).map(row => {
    const room = textWidth(row.text, 11) + 46
    if (x > 4 && x + room > width) [x, y] = [4, y + 18]
    const item = { row, x, y }
    x += room
    return item
  })
  return { items, height: items.length ? y + 24 : 0 }
}

/** Whether a node is sought, convicted or cleared, in words, each by itself. */
export const standingParts = (node: GraphNode): string[] => standing(node).map((one) => {
  if (one === 'sought') return t('stage.sought')
  if (one === 'cleared' || one === 'cleared-of-one') return `✓ ${t(`stage.${one}`)}`
  return t('stage.accused', { stage: tOr(`accusation.${one}`, one) })
})

export const standingWords = (node: GraphNode): string => standingParts(node).join(' · ')

/** The same on the picture, a line each. */
function mark(node: GraphNode): { lines: string[]; color: string } | undefined {
  const lines = standingParts(node)
  return lines.length ? { lines, color: node.sought || node.accused ? SOUGHT : CLEARED } : undefined
}
