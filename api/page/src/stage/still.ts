// What d3-zoom needs of d3-transition and d3-interpolate where nothing is animated: the bundle has this in place of both.
import { selection } from 'd3-selection'

interface Still { interrupt(): unknown }

;(selection.prototype as unknown as Still).interrupt = function (this: Still): unknown { return this }

export const interrupt = (): void => undefined
export const interpolateZoom = undefined
