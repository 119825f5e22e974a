// What the drawing module draws with. It has two ends: a canvas on the screen, and text of SVG for files and print.

import type { Box } from './labels'

export interface Style {
  fill?: string
  stroke?: string
  width?: number
  dash?: readonly number[] | undefined
  opacity?: number | undefined
}

/** A way of a link: from, by a point that bends it, to. */
export interface Curve { x1: number; y1: number; cx: number; cy: number; x2: number; y2: number; title: string }

/** A closed outline; without points a circle. */
export interface Outline { x: number; y: number; radius: number; points: readonly (readonly [number, number])[]; title: string }

export interface TextStyle {
  size: number
  color: string
  bold?: boolean
  anchor?: 'start' | 'middle'
  opacity?: number | undefined
}

export interface Pen {
  /** Whether it writes the titles of what it draws; otherwise nobody has to make them. */
  readonly hasTitles: boolean
  curves(items: readonly Curve[], style: Style): void
  outlines(items: readonly Outline[], style: Style): void
  boxes(items: readonly Box[], style: Style): void
  /** `y` is the upper edge of the first line. */
  text(x: number, y: number, lines: readonly string[], style: TextStyle): void
}
