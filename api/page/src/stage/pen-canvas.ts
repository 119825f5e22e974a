import { LINE, type Box } from './labels'
import type { Curve, Outline, Pen, Style, TextStyle } from './pen'

/** Few, because a browser asks the system for each until one has the sign. */
const FONTS = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

/** Draws on a canvas; what has one style is one path, because each stroke costs. */
export class CanvasPen implements Pen {
  readonly hasTitles = false

  constructor(readonly context: CanvasRenderingContext2D) {}

  curves(items: readonly Curve[], style: Style): void {
    const { context } = this
    context.beginPath()
    for (const { x1, y1, cx, cy, x2, y2 } of items) {
      context.moveTo(x1, y1)
      // A straight line is many times cheaper than a curve that is straight.
      if (Math.abs((x2 - x1) * (cy - y1) - (y2 - y1) * (cx - x1)) < 1) context.lineTo(x2, y2)
      else context.quadraticCurveTo(cx, cy, x2, y2)
    }
    this.#finish(style)
  }

  outlines(items: readonly Outline[], style: Style): void {
    const { context } = this
    context.beginPath()
    for (const { x, y, radius, points } of items) {
      if (!points.length && radius < 3) context.rect(x - radius, y - radius, 2 * radius, 2 * radius)
      else if (!points.length) {
        context.moveTo(x + radius, y)
        context.arc(x, y, radius, 0, 2 * Math.PI)
      } else {
        points.forEach(([px, py], i) => (i ? context.lineTo(px, py) : context.moveTo(px, py)))
        context.closePath()
      }
    }
    this.#finish(style)
  }

  boxes(items: readonly Box[], style: Style): void {
    this.context.beginPath()
    for (const { x, y, width, height } of items) this.context.rect(x, y, width, height)
    this.#finish(style)
  }

  text(x: number, y: number, lines: readonly string[], style: TextStyle): void {
    const { context } = this
    context.font = `${style.bold ? '600 ' : ''}${style.size}px ${FONTS}`
    context.textAlign = style.anchor === 'start' ? 'left' : 'center'
    context.textBaseline = 'alphabetic'
    context.globalAlpha = style.opacity ?? 1
    context.fillStyle = style.color
    lines.forEach((line, i) => {
      context.fillText(line, x, y + i * style.size * LINE + style.size)
    })
    context.globalAlpha = 1
  }

  #finish(style: Style): void {
    const { context } = this
    context.globalAlpha = style.opacity ?? 1
    if (style.fill) {
      context.fillStyle = style.fill
      context.fill()
    }
    if (style.stroke) {
      context.strokeStyle = style.stroke
      context.lineWidth = style.width ?? 1
      context.setLineDash(style.dash ? [...style.dash] : [])
      context.stroke()
      context.setLineDash([])
    }
    context.globalAlpha = 1
  }
}
