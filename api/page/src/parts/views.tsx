/** A view as a link and as a file: a question that is asked anew, and no copy of what was said. */
import { useRef, useState } from 'preact/hooks'
import type { PartProps } from '../explorer'
import { readView, viewFile } from '../stage/view'
import { t } from '../words'
import { useModel } from './drawn'
import { save } from './export'

/** Bytes of a file that may be a view. */
const LARGEST = 2_000_000

export function ViewPanel({ bench }: PartProps) {
  useModel(bench.model)
  const [message, setMessage] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const link = bench.fragment() ? `${location.origin}${location.pathname}#${bench.fragment()}` : ''
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link)
      setMessage(t('view.copied'))
    } catch {
      setMessage(t('view.not-copied'))
    }
  }
  const open = async (): Promise<void> => {
    const chosen = file.current?.files?.[0]
    if (!chosen) return
    setMessage('')
    await bench.attempt(async () => {
      if (chosen.size > LARGEST) throw new Error(t('view.large', { name: chosen.name }))
      await bench.restore(readView(await chosen.text(), chosen.name))
    })
    if (file.current) file.current.value = ''
  }
  return (
    <section class="views">
      <h2>{t('view.title')}</h2>
      <p class="quiet">{t('view.note')}</p>
      <label>
        {t('view.link')}
        <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <div class="row">
        <button type="button" disabled={!link} onClick={() => void copy()}>{t('view.copy')}</button>
        <button type="button" disabled={!link} onClick={() => save(new Blob([viewFile(bench.view())], { type: 'application/json' }), 'kg-view.json')}>{t('view.save')}</button>
        <button type="button" onClick={() => file.current?.click()}>{t('view.open')}</button>
        <input ref={file} type="file" accept="application/json,.json" class="hidden" tabIndex={-1} aria-label={t('view.open')} onChange={() => void open()} />
        <button type="button" disabled={!link} onClick={() => bench.model.clear()}>{t('view.clear')}</button>
      </div>
      {message && <p role="status">{message}</p>}
    </section>
  )
}
