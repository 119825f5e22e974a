import { LINE, plain, type Box } from './labels'
import type { Curve, Outline, Pen, Style, TextStyle } from './pen'

// XML 1.0 has no place for these, not even escaped.
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Many, because programs that draw a file know no `system-ui`. */
const FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"

/** A text as XML has it, as content and in an attribute. */
export const xml = (text: string): string => (
  text.replace(NOT_XML, '\ufffd').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;').replace(/\r/g, '&#13;')
)

const number = (value: number): string => String(Math.round(value * 10) / 10 || 0)

/** Writes SVG: each link and each node is an element of its own with its words, and text stays text. */
export class SvgPen implements Pen {
  readonly hasTitles = true
  readonly parts: string[] = []

  curves(items: readonly Curve[], style: Style): void {
    const look = this.#style({ ...style, fill: 'none' })
    for (const { x1, y1, cx, cy, x2, y2, title } of items) {
      const bend = `Q${number(cx)} ${number(cy)} ${number(x2)} ${number(y2)}`
      this.parts.push(this.#element(`<path d="M${number(x1)} ${number(y1)}${bend}"${look}`, 'path', title))
    }
  }

  outlines(items: readonly Outline[], style: Style): void {
    const look = this.#style(style)
    for (const { x, y, radius, points, title } of items) {
      const [open, name] = points.length
        ? [`<polygon points="${points.map(([px, py]) => `${number(px)},${number(py)}`).join(' ')}"`, 'polygon']
        : [`<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}"`, 'circle']
      this.parts.push(this.#element(`${open}${look}`, name, title))
    }
  }

  boxes(items: readonly Box[], style: Style): void {
    const look = this.#style(style)
    for (const { x, y, width, height } of items) {
      this.parts.push(`<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"${look}/>`)
    }
  }

  text(x: number, y: number, lines: readonly string[], style: TextStyle): void {
    const anchor = style.anchor === 'start' ? '' : ' text-anchor="middle"'
    const weight = style.bold ? ' font-weight="600"' : ''
    const faded = style.opacity === undefined || style.opacity === 1 ? '' : ` opacity="${number(style.opacity)}"`
    lines.forEach((line, i) => {
      const at = `x="${number(x)}" y="${number(y + i * style.size * LINE + style.size)}"`
      const look = `font-size="${number(style.size)}" fill="${style.color}"${anchor}${weight}${faded}`
      this.parts.push(`<text ${at} ${look}>${xml(line)}</text>`)
    })
  }

  page(width: number, height: number, title: string, description: string): string {
    const size = `width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}"`
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${xml(FONTS)}" role="img">`,
      `<title>${xml(title)}</title>`,
      `<desc>${xml(description)}</desc>`,
      ...this.parts,
      '</svg>',
      '',
    ].join('\n')
  }

  #element(open: string, name: string, title: string): string {
    return title ? `${open}><title>${xml(plain(title))}</title></${name}>` : `${open}/>`
  }

  #style({ fill, stroke, width, dash, opacity }: Style): string {
    return [
      ` fill="${fill ?? 'none'}"`,
      stroke ? ` stroke="${stroke}" stroke-width="${number(width ?? 1)}"` : '',
      dash ? ` stroke-dasharray="${dash.join(' ')}"` : '',
      opacity === undefined || opacity === 1 ? '' : ` opacity="${number(opacity)}"`,
    ].join('')
  }
}
