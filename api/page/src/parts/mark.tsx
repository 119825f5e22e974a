/** The shape and colour of a type, as the stage draws it. */
import { nodeLook } from '../stage/graph'
import { outline } from '../stage/shapes'

export function Mark({ type }: { type: string }) {
  const { shape, color, border } = nodeLook(type)
  const { points } = outline(shape, 8, 8, 6.2)
  return (
    <svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {points.length
        ? <polygon points={points.map((point) => point.join(',')).join(' ')} fill={color} stroke={border} />
        : <circle cx="8" cy="8" r="6.2" fill={color} stroke={border} />}
    </svg>
  )
}
