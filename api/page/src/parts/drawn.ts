/** Draws a part anew whenever the graph that is drawn changes. */
import { useLayoutEffect, useState } from 'preact/hooks'
import type { GraphModel } from '../stage/model'

export function useModel(model: GraphModel): void {
  const [, again] = useState({})
  useLayoutEffect(() => model.subscribe(() => again({})), [model])
}
