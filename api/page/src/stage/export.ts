// What is drawn, as files: a picture, a graph, a table.
import { t } from '../words'
import { draw, INK, legendStrip, linkSays, linkStatus, names, PAPER, periodsTold, RADIUS, sentence, type Picture } from './draw'
import { outcome, standing, strictest, type GraphLink, type GraphNode } from './graph'
import type { GraphModel } from './model'
import { CanvasPen } from './pen-canvas'
import type { Pen } from './pen'
import { SvgPen, xml } from './pen-svg'

export interface PrintAbout {
  title: string
  /** The graph that answered. */
  version: string
  /** The day that was asked for, or ''. */
  day: string
  handling: string[]
  /** When the picture was made. It is printed, and in no file that has to be the same twice. */
  made: string
}

/** That an allegation is no verdict, unless all that is said against anybody here has been decided. */
export function verdict({ nodes, links }: { nodes: readonly GraphNode[]; links: readonly GraphLink[] }): string {
  const isDecided = links.some(link => outcome(link.stages)) && !links.some(link => link.alleged) && !nodes.some(node => node.sought)
  return t(isDecided ? 'stage.sources' : 'stage.verdict')
}

const SIDE = 100
const HEAD = 64
const FOOT = 44
const SMALL = 11
const MOST_PIXELS = 36e6

/** The whole picture with title, legend and where it is from: the same bytes for the same view of the same graph. */
export function svgPicture(model: GraphModel, about: PrintAbout, anonymous: boolean): string {
  const pen = new SvgPen()
  const { width, height } = whole(pen, model, about, anonymous)
  return pen.page(width, height, anonymous ? t('stage.anonymous') : about.title, sentenceOf(model))
}

export async function pngPicture(model: GraphModel, about: PrintAbout, anonymous: boolean): Promise<Blob> {
  const { width, height } = sizeOf(model)
  const scale = Math.min(2, Math.sqrt(MOST_PIXELS / (width * height)), 16_000 / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * scale)
  canvas.height = Math.ceil(height * scale)
  const context = canvas.getContext('2d')
  if (!context) throw new Error(t('stage.no-picture'))
  context.scale(scale, scale)
  whole(new CanvasPen(context), model, about, anonymous)
  return new Promise((done, fail) => {
    canvas.toBlob(blob => (blob ? done(blob) : fail(new Error(t('stage.no-picture')))), 'image/png')
  })
}

export function sentenceOf(model: GraphModel): string {
  const { nodes, links } = model.visible()
  return t('stage.sentence', { nodes: nodes.length, links: links.length, sought: nodes.filter(n => n.sought).length })
}

function sizeOf(model: GraphModel): { width: number; height: number; left: number; top: number } {
  const shown = model.shown()
  const places = shown.nodes.map(node => model.positions.get(node.id)!)
  const [left, right] = [Math.min(0, ...places.map(p => p.x)), Math.max(0, ...places.map(p => p.x))]
  const [top, bottom] = [Math.min(0, ...places.map(p => p.y)), Math.max(0, ...places.map(p => p.y))]
  const width = Math.max(640, right - left + 2 * SIDE)
  const legend = legendStrip(shown, width).height
  const height = HEAD + bottom - top + 2 * (RADIUS + 60) + legend + FOOT
  return { width, height, left, top }
}

function whole(pen: Pen, model: GraphModel, about: PrintAbout, anonymous: boolean): { width: number; height: number } {
  const { width, height, left, top } = sizeOf(model)
  const picture: Picture = {
    ...model.shown(), positions: model.positions, selected: new Set(), lit: null, anonymous, legend: true, captions: true,
    around: 40,
  }
  pen.boxes([{ x: 0, y: 0, width, height }], { fill: PAPER })
  const { unnamed } = draw(pen, picture, { k: 1, x: SIDE - left, y: HEAD + RADIUS + 30 - top }, width, height - FOOT)
  const title = anonymous ? t('stage.anonymous') : about.title
  pen.text(width / 2, 36, [title], { size: 16, color: INK, bold: true })
  const origin = [t('stage.version', { version: about.version }), about.day && t('stage.day', { day: about.day }), unnamed > 0 && t('stage.unnamed', { count: unnamed })]
  const small = { size: SMALL, color: '#454d57', anchor: 'start' } as const
  pen.text(12, height - FOOT + 6, [origin.filter(Boolean).join(' · '), verdict(picture)], small)
  return { width, height }
}

// Starts of cells that spreadsheet programs run as formulas, and the apostrophe that prevents it: as `kg export` has it.
const FORMULA = /^[=+\-@\t\r＝＋－＠']/u

const cell = (value: string): string => {
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

export const csvTable = (rows: readonly (readonly string[])[]): string => (
  `\ufeff${rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')}`
)

const COLUMNS = [
  'kind', 'id', 'type', 'name', 'from', 'from_name', 'to', 'to_name', 'says', 'periods', 'grade', 'sources', 'status',
  'handling',
]

export const periodsOf = (link: GraphLink): string => (
  link.periods.map(({ from, to }) => (link.event || from === to ? from : `${from || '..'}/${to || '..'}`)).join('; ')
)

/** Everything that is drawn, one node or link a row. */
export function csv(model: GraphModel): string {
  const { nodes, links } = model.visible()
  const name = (id: string): string => model.nodes.get(id)?.caption ?? ''
  return csvTable([
    COLUMNS,
    ...nodes.map(node => [
      'node', node.id, node.type, node.caption, '', '', '', '', '', '', '', '', nodeStatus(node), node.handling ?? '',
    ]),
    ...links.map(link => [
      'link', link.id, link.type, '', link.from, name(link.from), link.to, name(link.to), linkSays(link),
      periodsOf(link), link.grade, link.sources.join('; '), linkStatus(link), link.handling ?? '',
    ]),
  ])
}

const nodeStatus = (node: GraphNode): string => standing(node).join('; ').replaceAll('-', ' ')

const NODE_KEYS = ['label', 'type', 'sought', 'handling', 'x', 'y'] as const
const LINK_KEYS = ['label', 'type', 'sources', 'grade', 'periods', 'status', 'handling'] as const

/** What is drawn with its places, for Gephi, yEd and NetworkX. */
export function graphml(model: GraphModel): string {
  const { nodes, links } = model.visible()
  const key = (name: string, kind: string): string => {
    const type = name === 'x' || name === 'y' ? 'double' : name === 'sought' ? 'boolean' : 'string'
    return `<key id="${kind[0]}-${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`
  }
  const data = (kind: string, names: readonly string[], values: readonly string[]): string => (
    names.map((name, i) => (values[i] ? `<data key="${kind[0]}-${name}">${xml(values[i])}</data>` : '')).join('')
  )
  const handling = strictest([...nodes, ...links])
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...NODE_KEYS.map(name => key(name, 'node')),
    ...LINK_KEYS.map(name => key(name, 'edge')),
    '<graph id="kg" edgedefault="directed">',
    `<desc>${xml([handling, verdict({ nodes, links })].filter(Boolean).join('. '))}</desc>`,
    ...nodes.map(node => {
      const { x, y } = model.positions.get(node.id)!
      const values = [node.caption, node.type, String(node.sought), node.handling ?? '', String(x), String(y)]
      return `<node id="${xml(node.id)}">${data('node', NODE_KEYS, values)}</node>`
    }),
    ...links.map(link => {
      const values = [
        linkSays(link), link.type, link.sources.join('; '), link.grade, periodsOf(link), linkStatus(link),
        link.handling ?? '',
      ]
      const ends = `source="${xml(link.from)}" target="${xml(link.to)}"`
      return `<edge id="${xml(link.id)}" ${ends}>${data('edge', LINK_KEYS, values)}</edge>`
    }),
    '</graph>',
    '</graphml>',
    '',
  ].join('\n')
}

/** A line of print: what a link says, and the numbers of the sources that say it. */
interface PrintedLink { id: string; sentence: string; periods: string; grade: string; status: string; sources: number[] }

/** The links that are drawn, with their sources numbered in the order in which they are first named. */
export function printed(model: GraphModel, anonymous: boolean): { links: PrintedLink[]; sources: string[] } {
  const { nodes, links } = model.visible()
  const called = names(nodes, anonymous)
  const numbers = new Map<string, number>()
  const number = (source: string): number => {
    if (!numbers.has(source)) numbers.set(source, numbers.size + 1)
    return numbers.get(source)!
  }
  const lines = links.map(link => ({
    id: link.id,
    sentence: sentence(link, id => called.get(id) ?? '', anonymous),
    periods: periodsTold(link).join('; '),
    grade: link.grade,
    status: linkStatus(link, anonymous),
    sources: link.sources.map(number),
  }))
  return { links: lines, sources: [...numbers.keys()] }
}

