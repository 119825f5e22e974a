// Texts of the picture: how wide they are, how they are broken, and where they stand so that none covers another.

export interface Box { x: number; y: number; width: number; height: number }

export interface Wanted {
  id: string
  lines: string[]
  size: number
  /** The places that would do, best first: the middle of the upper edge of the text. */
  places: { x: number; y: number }[]
}

export interface Placed { id: string; lines: string[]; size: number; x: number; y: number; box: Box }

export const LINE = 1.25
const PAD = 3

/**
 * Width of a text, on the generous side, because nobody knows which font of the list a browser has. It is the same for
 * every browser, so that a picture is the same byte for byte.
 */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const letter of text) width += letterWidth(letter)
  return width * size
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u
const widths = new Map<string, number>()

function letterWidth(letter: string): number {
  let width = widths.get(letter)
  if (width === undefined) {
    if (/\p{Mark}|\p{Cf}/u.test(letter)) width = 0
    else if (WIDE.test(letter) || letter > '\u{1ffff}') width = 1
    else if (/[il.,:;'|!fjt()[\] ]/.test(letter)) width = 0.36
    else width = /[\p{Lu}mwMW@%&]/u.test(letter) ? 0.78 : 0.6
    widths.set(letter, width)
  }
  return width
}

/** Bidirectional controls and line breaks of a name could turn round what stands beside it. */
export const plain = (text: string): string => (
  text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ').replace(/ {2,}/g, ' ').trim()
)

/** A text in at most `most` lines, cut with … where it is longer. */
export function wrap(text: string, width: number, size: number, most = 2): string[] {
  const found: string[] = []
  let rest = plain(text)
  while (rest && found.length < most) {
    if (textWidth(rest, size) <= width) return [...found, rest]
    const isLast = found.length === most - 1
    const room = isLast ? width - size : width
    let [end, space, used] = [0, 0, 0]
    for (const letter of rest) {
      used += letterWidth(letter) * size
      if (used > room) break
      end += letter.length
      if (letter === ' ') space = end
    }
    if (isLast) return [...found, `${rest.slice(0, end).trimEnd()}…`]
    const cut = space || end || 1
    found.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  return found
}

const CELL = 96

/** Boxes in squares, so that only those nearby are compared. */
export class Occupied {
  #cells = new Map<number, Box[]>()

  add(box: Box): void {
    for (const key of this.#keys(box)) {
      const there = this.#cells.get(key)
      if (there) there.push(box)
      else this.#cells.set(key, [box])
    }
  }

  isFree(box: Box): boolean {
    return this.#keys(box).every(key => !this.#cells.get(key)?.some(other => overlaps(box, other)))
  }

  #keys({ x, y, width, height }: Box): number[] {
    const keys: number[] = []
    for (let i = Math.floor(x / CELL); i <= Math.floor((x + width) / CELL); i++) {
      for (let j = Math.floor(y / CELL); j <= Math.floor((y + height) / CELL); j++) keys.push(i * 65_536 + j)
    }
    return keys
  }
}

export const overlaps = (a: Box, b: Box): boolean => (
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
)

const holds = (a: Box, b: Box): boolean => (
  b.x >= a.x && b.y >= a.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height
)

/**
 * Give each text, in this order, the first place inside where it covers nothing; one without any is left out. With
 * `isRead`, only where it is read as its own.
 */
export function placeLabels(
  wanted: readonly Wanted[], occupied: Occupied, inside: Box, isRead: (id: string, box: Box) => boolean = () => true,
): Placed[] {
  const found: Placed[] = []
  for (const { id, lines, size, places } of wanted) {
    const width = Math.max(...lines.map(line => textWidth(line, size)))
    const height = lines.length * size * LINE
    for (const { x, y } of places) {
      const box = { x: x - width / 2 - PAD, y, width: width + 2 * PAD, height }
      if (!holds(inside, box) || !occupied.isFree(box) || !isRead(id, box)) continue
      occupied.add(box)
      found.push({ id, lines, size, x, y, box })
      break
    }
  }
  return found
}
