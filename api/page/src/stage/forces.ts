// The layout by forces, without a worker around it.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type Simulation } from 'd3-force'

export interface LayoutNode { id: string; x: number; y: number; width: number; height: number; down: number; isFixed: boolean }
export interface LayoutRequest { number: number; nodes: LayoutNode[]; links: [from: string, to: string][] }
export interface LayoutAnswer { number: number; places: [id: string, x: number, y: number][]; isLast: boolean }

const ROUNDS = 120

interface Body { id: string; x: number; y: number; fx?: number; fy?: number; width: number; height: number; down: number }
type Bodies = Simulation<Body, { source: string | Body; target: string | Body }>

export function simulation({ nodes, links }: LayoutRequest): Bodies {
  const bodies = nodes.map(({ id, x, y, width, height, down, isFixed }): Body => (
    { id, x, y, width, height, down, ...(isFixed ? { fx: x, fy: y } : {}) }
  ))
  const ties = links.filter(([from, to]) => from !== to).map(([source, target]) => ({ source, target }))
  const isLarge = nodes.length > 500
  return forceSimulation<Body>(bodies)
    .force('charge', forceManyBody<Body>().strength(isLarge ? -160 : -260).theta(isLarge ? 1.3 : 0.9).distanceMax(1500))
    .force('link', forceLink<Body, { source: string | Body; target: string | Body }>(ties).id(body => body.id).distance(isLarge ? 60 : nodes.length > 30 ? 90 : 130))
    .force('collide', forceCollide<Body>(isLarge ? 20 : 34).iterations(1))
    .force('x', forceX<Body>(0).strength(0.03))
    .force('y', forceY<Body>(0).strength(0.04))
    .alphaDecay(isLarge ? 0.05 : 0.04)
    .stop()
}

/** Push apart what still overlaps with its text, along the shorter way; what is fixed stays. */
export function separate(bodies: readonly Body[]): void {
  const order = [...bodies].sort((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1))
  const widest = Math.max(0, ...order.map(body => body.width))
  for (let round = 0; round < ROUNDS; round++) {
    let isMoved = false
    order.sort((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1))
    for (let i = 0; i < order.length; i++) {
      const a = order[i]!
      for (let j = i + 1; j < order.length; j++) {
        const b = order[j]!
        if (b.x - a.x > widest) break
        isMoved = part(a, b) || isMoved
      }
    }
    if (!isMoved) return
  }
  for (const body of [...order].sort((a, b) => (a.id < b.id ? -1 : 1))) if (body.fx === undefined) findRoom(body, order)
}

/** What is caught between others goes to the nearest place around it where it covers nothing. */
function findRoom(body: Body, others: readonly Body[]): void {
  const isFree = (x: number, y: number): boolean => others.every(other => (
    other === body || Math.abs(other.x - x) >= (other.width + body.width) / 2 - 0.5
    || Math.abs(other.y + other.down - y - body.down) >= (other.height + body.height) / 2 - 0.5
  ))
  const { x, y } = body
  for (let ring = 0; ring <= 60; ring++) {
    const places = ring ? 6 * ring : 1
    for (let i = 0; i < places; i++) {
      const angle = (i / places) * 2 * Math.PI
      const [toX, toY] = [x + ring * 24 * Math.cos(angle), y + ring * 24 * Math.sin(angle)]
      if (!isFree(toX, toY)) continue
      body.x = toX
      body.y = toY
      return
    }
  }
}

function part(a: Body, b: Body): boolean {
  const overX = (a.width + b.width) / 2 - Math.abs(b.x - a.x)
  const drop = b.y + b.down - a.y - a.down
  const overY = (a.height + b.height) / 2 - Math.abs(drop)
  if (overX <= 0.5 || overY <= 0.5) return false
  const [stayA, stayB] = [a.fx !== undefined, b.fx !== undefined]
  if (stayA && stayB) return false
  const shareB = stayA ? 1 : stayB ? 0 : 0.5
  if (overX < overY) {
    const way = b.x > a.x || (b.x === a.x && a.id < b.id) ? 1 : -1
    b.x += way * overX * shareB
    a.x -= way * overX * (1 - shareB)
  } else {
    const way = drop > 0 || (drop === 0 && a.id < b.id) ? 1 : -1
    b.y += way * overY * shareB
    a.y -= way * overY * (1 - shareB)
  }
  return true
}
