// What d3-zoom and d3-drag need of d3-selection, d3-transition and d3-interpolate: the bundle has this in place of them.
type Listener = (this: EventTarget, event: Event, datum: undefined) => void
type OfNode = (this: EventTarget, ...values: unknown[]) => unknown

interface Added {
  listener: Listener
  handle(event: Event): void
  options: AddEventListenerOptions | undefined
}

const added = new WeakMap<EventTarget, Map<string, Added>>()

/** One node or none, with listeners that have names; nothing on it is animated. */
class OneNode {
  constructor(readonly one: EventTarget | null) {}

  datum(): undefined { return undefined }
  interrupt(): this { return this }
  selection(): this { return this }

  each(told: OfNode): this {
    if (this.one) told.call(this.one, undefined, 0, [this.one])
    return this
  }

  call(told: (one: this, ...values: unknown[]) => unknown, ...values: unknown[]): this {
    told(this, ...values)
    return this
  }

  filter(matches: OfNode): OneNode {
    return this.one && matches.call(this.one) ? this : new OneNode(null)
  }

  property(name: string, value: OfNode): this {
    return this.each(function () { Object.assign(this, { [name]: value.call(this) }) })
  }

  style(name: string, value: string): this {
    return this.each(function () { (this as HTMLElement).style.setProperty(name, value) })
  }

  /** Add, replace or, with null, remove the listener of each name; without a second value, the listener of the name. */
  on(names: string, ...values: [] | [Listener | null, AddEventListenerOptions?]): this | Listener | undefined {
    const [listener, options] = values
    if (listener === undefined) return this.one ? added.get(this.one)?.get(names)?.listener : undefined
    return this.each(function () {
      const known = added.get(this) ?? new Map<string, Added>()
      added.set(this, known)
      for (const name of names.split(' ')) {
        const kind = name.split('.', 1)[0]!
        const before = known.get(name)
        if (before) this.removeEventListener(kind, before.handle, before.options)
        known.delete(name)
        if (!listener) continue
        const handle = (event: Event): void => listener.call(this, event, undefined)
        this.addEventListener(kind, handle, options)
        known.set(name, { listener, handle, options })
      }
    })
  }
}

export const select = (one: EventTarget): OneNode => new OneNode(one)

/** The point of an event or touch within a node. */
export function pointer(event: MouseEvent | Touch, node: Element = (event as MouseEvent).currentTarget as Element): [number, number] {
  const { left, top } = node.getBoundingClientRect()
  return [event.clientX - left - node.clientLeft, event.clientY - top - node.clientTop]
}

export const interrupt = (): void => undefined
export const interpolateZoom = undefined
