/** The name of a node as a button that selects it, drawing it where it is not drawn yet. */
import type { PartProps } from '../explorer'
import { Mark } from './mark'

interface NameProps {
  props: PartProps
  id: string
  caption: string
  type?: string | undefined
}

export function Name({ props: { bench, choose }, id, caption, type }: NameProps) {
  const open = (): void => {
    if (bench.model.nodes.has(id)) {
      choose([id], 'node')
      bench.stage?.center(id)
      return
    }
    void bench.attempt(async () => {
      await bench.draw([id])
      choose([id], 'node')
    })
  }
  return (
    <button type="button" class="name" onClick={open}>
      {type && <Mark type={type} />}
      <bdi>{caption || id}</bdi>
    </button>
  )
}
