// Where nodes stand before a layout has looked at them, and in columns. Nothing here is by chance.
import type { GraphLink, Position } from './graph'

const GOLDEN = Math.PI * (3 - Math.sqrt(5))
const STEP = 46
const COLUMN_GAP = 260
const ROW_GAP = 92

export const isPlaced = (at: Position | undefined): at is Position => (
  at !== undefined && Number.isFinite(at.x) && Number.isFinite(at.y)
)

/** Put nodes on a spiral around where they come from; without one, around the neighbours that have a place. */
export function placeNear(
  ids: readonly string[], positions: Map<string, Position>, links: readonly GraphLink[], near?: string,
): void {
  if (!ids.length) return
  const origin = near === undefined ? undefined : positions.get(near)
  const middle = centre(positions.values())
  const beside = neighbours(links)
  ids.forEach((id, i) => {
    const around = (beside.get(id) ?? []).map(other => positions.get(other)).filter(isPlaced)
    const from = origin ?? (around.length ? centre(around) : middle)
    // What comes anew starts on the side away from the rest, and goes round from there.
    const away = Math.atan2(from.y - middle.y, from.x - middle.x)
    const distance = STEP * Math.sqrt(i + 1) * (positions.size || i ? 1.6 : 0)
    const angle = away + i * GOLDEN
    const x = Math.round(from.x + distance * Math.cos(angle))
    const y = Math.round(from.y + distance * Math.sin(angle))
    positions.set(id, { x, y, pinned: false })
  })
}

/** Columns side by side; in each, nodes are as near to the height of their neighbours as order and room allow. Or rows. */
export function columnPlaces(
  columns: readonly (readonly string[])[], links: readonly GraphLink[], asRows = false,
): Map<string, { x: number; y: number }> {
  const beside = neighbours(links)
  const order = columns.map(column => [...column])
  const height = new Map<string, number>()
  const spread = (column: readonly string[]): void => column.forEach((id, row) => {
    height.set(id, (row - (column.length - 1) / 2) * ROW_GAP)
  })
  order.forEach(spread)
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const column of sweep % 2 ? [...order].reverse() : order) {
      const wish = new Map(column.map(id => {
        const heights = (beside.get(id) ?? []).map(other => height.get(other)).filter(h => h !== undefined)
        return [id, heights.length ? heights.reduce((a, b) => a + b, 0) / heights.length : height.get(id)!]
      }))
      column.sort((a, b) => wish.get(a)! - wish.get(b)! || (a < b ? -1 : 1))
      spread(column)
    }
  }
  const place = (i: number, aside: number): { x: number; y: number } => (
    asRows ? { x: aside * COLUMN_GAP / ROW_GAP, y: i * ROW_GAP } : { x: i * COLUMN_GAP, y: aside }
  )
  return new Map(order.flatMap((column, i) => column.map(id => [id, place(i, height.get(id)!)])))
}

function centre(places: Iterable<{ x: number; y: number }>): { x: number; y: number } {
  let [x, y, count] = [0, 0, 0]
  for (const at of places) {
    x += at.x
    y += at.y
    count++
  }
  return count ? { x: x / count, y: y / count } : { x: 0, y: 0 }
}

function neighbours(links: readonly GraphLink[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { from, to } of links) {
    for (const [here, there] of [[from, to], [to, from]] as const) {
      const known = found.get(here)
      if (known) known.push(there)
      else found.set(here, [there])
    }
  }
  return found
}
