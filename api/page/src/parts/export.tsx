/** What is drawn as a file, or on paper with numbered sources. */
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { messageOf } from '../ask'
import { csv, graphml, printed, sentenceOf, svgPicture, verdict, type PrintAbout } from '../stage/export'
import { handlingWord } from '../stage/draw'
import { strictest } from '../stage/graph'
import type { GraphModel } from '../stage/model'
import type { Stage } from '../stage/stage'
import { t } from '../words'
import { useModel } from './drawn'

interface ExportProps {
  model: GraphModel
  stage: Stage
  /** What is to stand on it; asked when it is made. */
  about(): PrintAbout
}

export function Export({ model, stage, about }: ExportProps) {
  useModel(model)
  const [anonymous, setAnonymous] = useState(stage.anonymous)
  const [message, setMessage] = useState('')
  const isEmpty = !model.visible().nodes.length
  const hide = (hidden: boolean): void => {
    stage.anonymous = hidden
    setAnonymous(hidden)
  }
  const picture = async (form: 'svg' | 'png'): Promise<void> => {
    try {
      save(await stage.export(form, about()), `kg-view.${form}`)
      setMessage('')
    } catch (error) {
      setMessage(messageOf(error))
    }
  }
  const text = (content: string, type: string, name: string): void => save(new Blob([content], { type }), name)
  return (
    <section class="export" aria-label={t('stage.export')}>
      <label><input type="checkbox" checked={anonymous} onChange={event => hide(event.currentTarget.checked)} /> {t('stage.export.anonymous')}</label>
      <div class="row">
        <button type="button" disabled={isEmpty} onClick={() => void picture('svg')}>{t('stage.export.svg')}</button>
        <button type="button" disabled={isEmpty} onClick={() => void picture('png')}>{t('stage.export.png')}</button>
        <button type="button" disabled={isEmpty} onClick={() => text(graphml(model), 'application/graphml+xml', 'kg-view.graphml')}>{t('stage.export.graphml')}</button>
        <button type="button" disabled={isEmpty} onClick={() => text(csv(model), 'text/csv', 'kg-view.csv')}>{t('stage.export.csv')}</button>
        <button type="button" disabled={isEmpty} onClick={() => print(model, about(), anonymous)}>{t('stage.export.print')}</button>
      </div>
      <p class="quiet">{t('stage.export.data')}</p>
      {message && <p role="alert">{message}</p>}
    </section>
  )
}

/** Offer a file to the browser. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Show the sheet to the printer, and take it away again. */
function print(model: GraphModel, about: PrintAbout, anonymous: boolean): void {
  const host = document.createElement('div')
  document.body.append(host)
  const end = (): void => {
    render(null, host)
    host.remove()
  }
  render(<Sheet model={model} about={about} anonymous={anonymous} onPrinted={end} />, host)
}

interface SheetProps { model: GraphModel; about: PrintAbout; anonymous: boolean; onPrinted(): void }

/** The printed page: the picture, what each link rests on, the sources by number, graph, day and handling. */
function Sheet({ model, about, anonymous, onPrinted }: SheetProps) {
  const [address] = useState(() => (
    URL.createObjectURL(new Blob([svgPicture(model, about, anonymous)], { type: 'image/svg+xml' }))
  ))
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  const { links, sources } = printed(model, anonymous)
  const { nodes } = model.visible()
  const handling = [...new Set([strictest([...nodes, ...model.visible().links]), ...about.handling])].filter(Boolean)
  const show = (): void => {
    addEventListener('afterprint', onPrinted, { once: true })
    globalThis.print()
  }
  return (
    <article class="print-sheet">
      <h1>{anonymous ? t('stage.anonymous') : about.title}</h1>
      <p>
        {[t('stage.version', { version: about.version }), about.day && t('stage.day', { day: about.day }),
          t('stage.print.made', { made: about.made })].filter(Boolean).join(' · ')}
      </p>
      {handling.length > 0 && <p class="handling">{t('stage.print.handling', { handling: handling.map(handlingWord).join(', ') })}</p>}
      <p><strong>{verdict(model.visible())}</strong></p>
      <img src={address} alt={sentenceOf(model)} onLoad={show} onError={onPrinted} />
      <h2>{t('stage.print.links')}</h2>
      <ol>
        {links.map(link => (
          <li key={link.id}>
            {link.sentence}
            {[link.periods, link.grade, link.status].filter(Boolean).map(text => ` · ${text}`)}
            {' '}{link.sources.length ? link.sources.map(number => `[${number}]`).join('') : `(${t('stage.print.derived')})`}
          </li>
        ))}
      </ol>
      <h2>{t('stage.print.sources')}</h2>
      <ol class="sources">{sources.map((source, i) => <li key={source}>[{i + 1}] <bdi>{source}</bdi></li>)}</ol>
    </article>
  )
}
