/** Draws a part anew whenever the graph that is drawn changes. */
import { useEffect, useState } from 'preact/hooks'
import type { GraphModel } from '../stage/model'

export function useModel(model: GraphModel): void {
  const [, again] = useState({})
  useEffect(() => model.subscribe(() => again({})), [model])
}
