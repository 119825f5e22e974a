// The ways of links: where they bend, and how far a point is from them. Loops here take no arrays apart: that is slow.
import type { Curve, Outline } from './pen'

/** Checks of a node against a link that are worth a picture: where many more are drawn, nobody follows one line by eye. */
const MOST_CHECKS = 200_000
/** What a link keeps between itself and a node that it passes. */
const CLEAR = 6
/** Nearer to its ends than this part of it, a link cannot bend. */
const STIFF = 0.08

export type Point = readonly [number, number]

export function bent(from: Point, to: Point, shift: number, title: string): Curve {
  const x1 = from[0]
  const y1 = from[1]
  const x2 = to[0]
  const y2 = to[1]
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  const cx = (x1 + x2) / 2 - ((y2 - y1) / length) * shift
  const cy = (y1 + y2) / 2 + ((x2 - x1) / length) * shift
  return { x1, y1, cx, cy, x2, y2, title }
}

export function loop([x, y]: Point, radius: number, title: string): Curve {
  return { x1: x - radius * 0.6, y1: y, cx: x, cy: y - radius * 4.5, x2: x + radius * 0.6, y2: y, title }
}

export function along({ x1, y1, cx, cy, x2, y2 }: Curve, part: number): Point {
  const rest = 1 - part
  return [
    rest * rest * x1 + 2 * rest * part * cx + part * part * x2,
    rest * rest * y1 + 2 * rest * part * cy + part * part * y2,
  ]
}

/** The head of an arrow, at the edge of the node that it points to. */
export function arrow({ cx, cy, x2, y2, x1, y1 }: Curve, radius: number, width: number): Outline {
  const isFlat = cx === x2 && cy === y2
  const fromX = isFlat ? x1 : cx
  const fromY = isFlat ? y1 : cy
  const length = Math.hypot(x2 - fromX, y2 - fromY) || 1
  const dx = (x2 - fromX) / length
  const dy = (y2 - fromY) / length
  const size = Math.min(radius * 0.7, 6 + width * 1.5)
  const tipX = x2 - dx * (radius + 2)
  const tipY = y2 - dy * (radius + 2)
  const backX = tipX - dx * size
  const backY = tipY - dy * size
  const half = size * 0.5
  return {
    x: tipX, y: tipY, radius: size, title: '',
    points: [[tipX, tipY], [backX - dy * half, backY + dx * half], [backX + dy * half, backY - dx * half]],
  }
}

/** The nodes that a link must not seem to lead to, from the left to the right. */
export type Passed = readonly (readonly [id: string, at: Point])[]

/** The first of them that is not left of x. */
function firstFrom(x: number, nodes: Passed): number {
  let [low, high] = [0, nodes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (nodes[middle]![1][0] < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether so many links and nodes are few enough to look at each pair. */
export const mayLook = (links: number, nodes: number): boolean => links * nodes <= MOST_CHECKS

/**
 * How far the middle of a way between two nodes has to be shifted for it to pass no other node: 0 where it passes none.
 * Of the two sides the nearer, and of two alike the upper, because names stand below.
 */
export function shiftAround(from: readonly [string, Point], to: readonly [string, Point], nodes: Passed, radius: number): number {
  const [[fromId, [x1, y1]], [toId, [x2, y2]]] = [from, to]
  const [dx, dy] = [x2 - x1, y2 - y1]
  const length = Math.hypot(dx, dy)
  if (length < 2 * radius) return 0
  const room = radius + CLEAR
  let [more, less] = [0, 0]
  const last = Math.max(x1, x2) + room
  for (let i = firstFrom(Math.min(x1, x2) - room, nodes); i < nodes.length && nodes[i]![1][0] <= last; i++) {
    const id = nodes[i]![0]
    const at = nodes[i]![1]
    const x = at[0] - x1
    const y = at[1] - y1
    const aside = (y * dx - x * dy) / length
    if (aside >= room || aside <= -room || id === fromId || id === toId) continue
    const part = (x * dx + y * dy) / (length * length)
    if (part <= STIFF || part >= 1 - STIFF) continue
    const reach = 2 * part * (1 - part)
    more = Math.max(more, (aside + room) / reach)
    less = Math.min(less, (aside - room) / reach)
  }
  if (!more) return 0
  return Math.abs(more + less) < 1 ? (dx >= 0 ? less : more) : more < -less ? more : less
}

/** How far a point is from a link as it is drawn; infinitely where that is surely more than `within`. */
export function fromCurve(x: number, y: number, curve: Curve, within: number): number {
  const reach = within + Math.hypot(curve.cx - (curve.x1 + curve.x2) / 2, curve.cy - (curve.y1 + curve.y2) / 2)
  const isFar = x < Math.min(curve.x1, curve.x2) - reach || x > Math.max(curve.x1, curve.x2) + reach
    || y < Math.min(curve.y1, curve.y2) - reach || y > Math.max(curve.y1, curve.y2) + reach
  if (isFar) return Infinity
  let nearest = Infinity
  let [ax, ay] = along(curve, 0)
  for (let i = 1; i <= 12; i++) {
    const [bx, by] = along(curve, i / 12)
    const [dx, dy] = [bx - ax, by - ay]
    const part = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    nearest = Math.min(nearest, Math.hypot(x - ax - part * dx, y - ay - part * dy))
    ;[ax, ay] = [bx, by]
  }
  return nearest
}
