// Asks the worker for layouts. An answer to an older question is dropped, and whoever waits for it is told.
import type { LayoutAnswer, LayoutRequest } from './forces'

type Places = Map<string, { x: number; y: number }>

export class Layouts {
  #worker: Worker | null = null
  #number = 0
  #waiting: { number: number; show: (places: Places) => void; end: (places: Places | null) => void } | null = null

  constructor(readonly start: () => Worker) {}

  /** Where everything stands in the end; null where a newer layout was asked for meanwhile. */
  ask(request: Omit<LayoutRequest, 'number'>, show: (places: Places) => void): Promise<Places | null> {
    this.cancel()
    if (!this.#worker) {
      this.#worker = this.start()
      this.#worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => this.#take(data)
      this.#worker.onerror = () => this.destroy()
    }
    const number = ++this.#number
    this.#worker.postMessage({ number, ...request } satisfies LayoutRequest)
    return new Promise(end => { this.#waiting = { number, show, end } })
  }

  cancel(): void {
    this.#waiting?.end(null)
    this.#waiting = null
  }

  destroy(): void {
    this.cancel()
    this.#worker?.terminate()
    this.#worker = null
  }

  #take({ number, places, isLast }: LayoutAnswer): void {
    const waiting = this.#waiting
    if (!waiting || waiting.number !== number) return
    const found: Places = new Map(places.map(([id, x, y]) => [id, { x, y }]))
    if (!isLast) return waiting.show(found)
    this.#waiting = null
    waiting.end(found)
  }
}
