// The outlines of nodes: the shape tells the kind without a colour.
import type { Outline } from './pen'

type Point = readonly [number, number]

const regular = (corners: number, turn: number): Point[] => (
  Array.from({ length: corners }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / corners
    return [Math.cos(angle), Math.sin(angle)] as const
  })
)

/** Corners around 0, 0, of about one size to the eye. A circle has none. */
const SHAPES: Record<string, readonly Point[]> = {
  circle: [],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
  hexagon: regular(6, 0),
  octagon: regular(8, Math.PI / 8),
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  pentagon: regular(5, -Math.PI / 2),
  // A sheet of paper with a corner that is folded.
  note: [[-0.75, -1], [0.3, -1], [0.75, -0.5], [0.75, 1], [-0.75, 1]],
}

export function outline(shape: string, x: number, y: number, radius: number, title = ''): Outline {
  const corners = radius < 3 ? [] : SHAPES[shape] ?? []
  return { x, y, radius, points: corners.map(([cx, cy]) => [x + cx * radius, y + cy * radius] as const), title }
}
