/** Views saved by name in the service: what is drawn is saved, opened and deleted. */
import { useState } from 'preact/hooks'
import { ask, part } from '../ask'
import type { PartProps } from '../explorer'
import { checkedView, viewContent } from '../stage/view'
import type { SavedViewAnswer, SavedViewOut, SavedViewsAnswer } from '../types'
import { t } from '../words'
import { useAction, useAnswer } from './answer'
import { Notice } from './notice'

const ADDRESS = 'v1/views'
const LONGEST_NAME = 100

export function SavedViews({ bench }: PartProps) {
  const [changes, setChanges] = useState(0)
  const [name, setName] = useState('')
  const [doomed, setDoomed] = useState('')
  const answer = useAnswer<SavedViewsAnswer>(ADDRESS, changes)
  const { busy, message, run } = useAction()
  const views = answer.data?.views ?? []
  const isEmpty = !bench.model.nodes.size
  const save = (): Promise<boolean> => run(async (signal) => {
    const body = { name, view: viewContent(bench.view()) }
    await ask<SavedViewAnswer>(ADDRESS, { body, signal })
    setName('')
    setChanges((count) => count + 1)
    bench.tell(t('saved.saved', { name }))
  })
  const open = (view: SavedViewOut): Promise<boolean> => run(async (signal) => {
    const found = await ask<SavedViewAnswer>(`${ADDRESS}/${part(view.id)}`, { signal })
    await bench.restore(checkedView(found.view, view.name))
  })
  const remove = (view: SavedViewOut): Promise<boolean> => run(async (signal) => {
    setDoomed('')
    await ask(`${ADDRESS}/${part(view.id)}`, { method: 'DELETE', signal })
    setChanges((count) => count + 1)
  })
  return (
    <section class="saved-views" aria-busy={busy}>
      <h3>{t('saved.title')}</h3>
      <p class="quiet">{t(bench.session.has_keys ? 'saved.own' : 'saved.shared')}</p>
      <form class="row" onSubmit={(event) => { event.preventDefault(); void save() }}>
        <label>
          {t('saved.name')}
          <input value={name} maxLength={LONGEST_NAME} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <button class="primary" disabled={isEmpty || busy || !name.trim()}>{t(views.some((view) => view.name === name.trim()) ? 'saved.replace' : 'saved.save')}</button>
      </form>
      {message && <p class="trouble" role="alert">{message}</p>}
      <Notice answer={answer} />
      {answer.data && !views.length && <p class="quiet">{t('start.none')}</p>}
      <ul class="members">
        {views.map((view) => (
          <li key={view.id} class="row">
            <button type="button" class="name" onClick={() => void open(view)}><bdi>{view.name}</bdi></button>
            <span class="quiet">{t('saved.about', { nodes: view.nodes, day: view.saved.slice(0, 10) })}</span>
            {doomed === view.id
              ? <button type="button" onClick={() => void remove(view)}>{t('saved.sure', { name: view.name })}</button>
              : <button type="button" class="plain" onClick={() => setDoomed(view.id)}>{t('saved.delete')}<span class="hidden"> {view.name}</span></button>}
          </li>
        ))}
      </ul>
    </section>
  )
}
