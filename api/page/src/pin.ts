/** Holds a node where it stands, or lets it go. */
import type { Workbench } from './workbench'

export function togglePin({ model }: Workbench, id: string): void {
  const at = model.positions.get(id)
  if (!at) return
  if (at.pinned) model.unpin(id)
  else model.pin(id, at.x, at.y)
}
