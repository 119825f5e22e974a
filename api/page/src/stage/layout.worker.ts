// Lays out away from the thread of the page. Each layout has a number; a new one ends the one before.
import { separate, simulation, type LayoutAnswer, type LayoutRequest } from './forces'

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null
  postMessage(answer: LayoutAnswer): void
}

const TURN = 60
/** Milliseconds until what was found so far is shown; each time twice as long, because each costs a picture. */
const SHOW = 400
const MOST_SEPARATED = 600
let latest = 0

scope.onmessage = ({ data }) => {
  latest = data.number
  const bodies = simulation(data)
  let shown = performance.now()
  let pause = SHOW
  const answer = (isLast: boolean): void => scope.postMessage({
    number: data.number, isLast, places: bodies.nodes().map(({ id, x, y }) => [id, x, y]),
  })
  const turn = (): void => {
    if (data.number !== latest) return
    const end = performance.now() + TURN
    while (bodies.alpha() >= bodies.alphaMin() && performance.now() < end) bodies.tick()
    if (bodies.alpha() >= bodies.alphaMin()) {
      if (performance.now() - shown > pause) {
        answer(false)
        pause *= 2
        shown = performance.now()
      }
      setTimeout(turn)
      return
    }
    if (data.nodes.length <= MOST_SEPARATED) separate(bodies.nodes())
    answer(true)
  }
  turn()
}
