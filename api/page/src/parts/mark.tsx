/** The shape and colour of a type, as the stage draws it. */
import looks from '../looks.json'
import { tOr } from '../words'

interface Look {
  color: string
  border: string
  shape: string
}
const NODES = looks.nodes as unknown as Record<string, Look>

const SHAPES: Record<string, string> = {
  circle: 'M8 1a7 7 0 1 0 .01 0z',
  square: 'M2 2h12v12H2z',
  triangle: 'M8 1 15 14H1z',
  diamond: 'M8 1 15 8 8 15 1 8z',
  pentagon: 'M8 1 15 6.5 12.3 14.5H3.7L1 6.5z',
  hexagon: 'M4.5 2h7L15 8l-3.5 6h-7L1 8z',
  octagon: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
  note: 'M3 1h7l3 3v11H3z',
}

export function Mark({ type }: { type: string }) {
  const look = NODES[type] ?? NODES['Entity']
  return (
    <svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[look?.shape ?? 'note'] ?? SHAPES['note']} fill={look?.color ?? '#d9d9d9'} stroke={look?.border ?? '#8c8c8c'} />
    </svg>
  )
}

/** The name of a type, in the reader's language. */
export function typeName(type: string): string {
  return tOr(`type.${type}`, type.replace(/(?<=[a-z])(?=[A-Z])/g, ' '))
}
