/** The explorer: search, the picture, and beside it what is said of what is selected. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Refused, ask, onTraffic, type Traffic } from './ask'
import { ClusterPanel } from './parts/cluster'
import { Connections } from './parts/connections'
import { useModel } from './parts/drawn'
import { DossierPanel } from './parts/dossier'
import { EntityPanel } from './parts/entity'
import { Export } from './parts/export'
import { Filters } from './parts/filters'
import { FlowPanel } from './parts/flow'
import { HelpPanel } from './parts/help'
import { LanguageSwitch } from './parts/language'
import { LinkPanel } from './parts/link'
import { OwnersPanel } from './parts/owners'
import { PathPanel } from './parts/paths'
import { ReviewPanel } from './parts/review'
import { RoutesPanel } from './parts/routes'
import { SavedViews } from './parts/saved-views'
import { Search } from './parts/search'
import { StartPanel } from './parts/start'
import { Table } from './parts/table'
import { Timeline } from './parts/timeline'
import { Toolbar } from './parts/toolbar'
import { ViewPanel } from './parts/views'
import { handlingWord } from './stage/draw'
import { strictest } from './stage/graph'
import { Stage, type Way } from './stage/stage'
import { togglePin } from './pin'
import type { SessionOut } from './types'
import { Workbench, type Telling } from './workbench'
import { onLanguage, t } from './words'

export type PanelName =
  | 'start' | 'selected' | 'path' | 'connect' | 'filter' | 'time' | 'owners' | 'holdings' | 'routes' | 'dossier' | 'flow' | 'cluster' | 'review' | 'view' | 'help'

interface PanelState {
  name: PanelName
  /** What it is about: a node, a link or a cluster. */
  about: string
}

/** What every part may do. */
export interface PartProps {
  bench: Workbench
  show(name: PanelName, about?: string): void
  choose(ids: string[], kind: 'node' | 'link' | 'none'): void
}

/** Milliseconds for which what came of an action stays to be read. */
const TOLD = 12_000

const WAYS: Record<string, Way> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

export function Explorer({ session, onLogOut }: { session: SessionOut; onLogOut(): void }) {
  const bench = useMemo(() => new Workbench(session), [session])
  const { model } = bench
  useModel(model)
  const host = useRef<HTMLDivElement>(null)
  const panelPlace = useRef<HTMLElement>(null)
  const [panel, setPanel] = useState<PanelState>({ name: 'start', about: '' })
  const [isTable, setTable] = useState(false)
  const [telling, setTelling] = useState<Telling>({ text: '', trouble: false })
  const [traffic, setTraffic] = useState<Traffic>({ running: 0, waiting: 0, why: '' })
  const [isReady, setReady] = useState(false)

  const staysPut = useRef(false)
  /** How often a panel was asked for: what comes late does not take the place of what was asked for since. */
  const turn = useRef(0)
  const show = (name: PanelName, about = ''): void => {
    staysPut.current = false
    turn.current += 1
    setPanel({ name, about })
  }
  const choose = (ids: string[], kind: 'node' | 'link' | 'none', keepsFocus = false): void => {
    staysPut.current = keepsFocus
    turn.current += 1
    model.select(ids)
    if (kind === 'none' || !ids.length) return
    setPanel((now) => (ids.length > 1 ? { name: 'connect', about: '' } : now.name === 'path' && kind === 'node' ? now : { name: 'selected', about: ids[0] ?? '' }))
  }
  const open = (asked: string): void => {
    const mine = (turn.current += 1)
    void bench.attempt(async () => {
      const id = await bench.open(asked)
      if (mine !== turn.current) return
      choose([id], 'node')
      setPanel({ name: 'selected', about: id })
    })
  }
  const expand = (id: string): void => void bench.attempt(() => bench.expand(id))

  useLayoutEffect(() => {
    if (!telling.text || telling.trouble || telling.stays || telling.offers?.length) return
    const timer = setTimeout(() => setTelling({ text: '', trouble: false }), TOLD)
    return () => clearTimeout(timer)
  }, [telling])

  useLayoutEffect(() => {
    if (!host.current) return
    bench.onTell = (next) => setTelling((now) => (next.yields && now.text ? now : next))
    const stage = new Stage(host.current, model, { onSelect: choose, onExpand: expand })
    bench.stage = stage
    setReady(true)
    const leave = [bench.follow(), onTraffic(setTraffic), onLanguage(() => stage.redraw())]
    const restore = (): void => {
      if (`#${bench.fragment()}` === location.hash || !location.hash) return
      void bench.attempt(async () => {
        const id = await bench.openAddress(location.hash)
        if (id) choose([id], model.links.has(id) ? 'link' : 'node')
      })
    }
    restore()
    window.addEventListener('hashchange', restore)
    return () => {
      window.removeEventListener('hashchange', restore)
      leave.forEach((end) => end())
      stage.destroy()
      bench.stage = null
    }
  }, [bench])

  // Focus goes to what a panel is called, so that a screen reader says what has come: at once, before a key moves it on.
  useLayoutEffect(() => {
    if (panel.name === 'start') return
    const title = panelPlace.current?.querySelector<HTMLElement>('h2')
    if (title && !staysPut.current && document.activeElement?.id !== 'search') {
      title.tabIndex = -1
      title.focus({ preventScroll: true })
    }
    panelPlace.current?.scrollTo({ top: 0 })
  }, [panel])

  const table = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => { if (isTable) table.current?.querySelector<HTMLElement>('.scrolling')?.focus({ preventScroll: true }) }, [isTable])

  const act = (key: string): boolean => {
    const { stage } = bench
    const selected = model.selected[0] ?? '' // what is selected now, which may be later than what was rendered
    const node = model.nodes.has(selected) ? selected : ''
    if (WAYS[key]) stage?.focusNext(WAYS[key])
    else if (key === '/') document.getElementById('search')?.focus()
    else if (key === 'Enter' && selected) show('selected', selected)
    else if (key === 'e' && node) expand(node)
    else if (key === 'p') show('path', node)
    else if (key === 'c') show('connect')
    else if (key === 'f') show('filter')
    else if (key === 't') setTable((now) => !now)
    else if (key === 's') show('view')
    else if (key === 'u') model.undo() || bench.tell(t('undo.none'))
    else if (key === 'r') model.redo() || bench.tell(t('redo.none'))
    else if (key === 'h' && node) model.hide(model.selected)
    else if (key === 'x' && node) togglePin(bench, node)
    else if (key === 'Delete' && node) model.remove(model.selected)
    else if (key === '+' || key === '=') stage?.zoomBy(1.25)
    else if (key === '-') stage?.zoomBy(0.8)
    else if (key === '0') stage?.fit()
    else if (key === '?') show('help')
    else if (key === 'Escape' && isTable) setTable(false)
    else return false
    return true
  }
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const at = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (at.closest('input, select, textarea, [role=grid], [role=listbox], table')) return
      if ((event.key === 'Enter' || event.key === ' ') && at.closest('button, a, summary')) return
      if (act(event.key)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })

  const logOut = async (): Promise<void> => {
    const isOut = await bench.attempt(async () => {
      try {
        await ask('session', { method: 'DELETE' })
      } catch (error) {
        if (!(error instanceof Refused && error.status === 401)) throw error  // it had ended by itself
      }
    })
    if (!isOut) return
    history.replaceState(null, '', location.pathname)
    onLogOut()
  }
  const { nodes, links } = model.visible()
  // The picture says what is in it; that the service shows more than others may see is said besides.
  const drawnHandling = strictest([...nodes, ...links])
  const handling = session.protected ? 'protected' : drawnHandling
  const about = () => ({
    title: t('page.title'), version: bench.version, day: bench.day || model.today, handling: handling ? [handling] : [],
    made: new Date().toISOString().slice(0, 10),
  })
  const props: PartProps = { bench, show, choose }
  return (
    <div class="explorer">
      <header class="top">
        <h1>{t('page.title')}</h1>
        <Search label={t('search.label')} onChoose={open} fieldId="search" />
        <div class="who">
          {session.case && <span class="quiet" title={t('login.purpose') + ': ' + session.purpose}>{t('login.case')}: <bdi>{session.case}</bdi></span>}
          <LanguageSwitch />
          {session.has_keys && <button type="button" onClick={() => void logOut()}>{t('login.leave', { name: session.key })}</button>}
        </div>
      </header>
      <Toolbar {...props} panel={panel.name} isTable={isTable} onTable={() => setTable(!isTable)} act={act} />
      <main class="middle">
        <div class="picture">
          {handling && (
            <p class={handling === drawnHandling ? 'hidden' : `handling ${handling}`} role="note">{handlingWord(handling)}</p>
          )}
          <div class="stage-place" ref={host} />
          {!model.nodes.size && <p class="empty">{t('stage.nothing')}</p>}
          {isTable && (
            <div class="over" ref={table}>
              <Table model={model} selected={[...model.selected]} onSelect={(ids, kind) => choose(ids, kind, true)} onExpand={expand} />
            </div>
          )}
          <div class={telling.trouble ? 'telling trouble' : 'telling'} role="status">
            {traffic.waiting ? t(traffic.why === 'busy' ? 'ask.busy' : 'ask.loading', { seconds: traffic.waiting }) : telling.text}
            {!traffic.waiting && (telling.trouble || telling.stays) && <button type="button" aria-label={t('tell.close')} onClick={() => setTelling({ text: '', trouble: false })}>✕</button>}
            {!traffic.waiting && telling.offers?.map(({ text, run }) => <button type="button" key={text} onClick={run}>{text}</button>)}
          </div>
        </div>
        <aside class="panel" ref={panelPlace} aria-label={t('page.panel')} aria-busy={traffic.running > 0}>
          {panel.name === 'start' && <StartPanel {...props} />}
          {panel.name === 'selected' && (model.links.has(panel.about) ? <LinkPanel {...props} id={panel.about} key={panel.about} /> : <EntityPanel {...props} id={panel.about} key={panel.about} />)}
          {panel.name === 'path' && <PathPanel {...props} from={panel.about} key={`path ${panel.about}`} />}
          {panel.name === 'connect' && isReady && bench.stage && (
            <Connections key={bench.version} model={model} stage={bench.stage} day={bench.day} draw={(id) => bench.attempt(() => bench.draw([id]))} add={(...found) => void bench.add(...found)} />
          )}
          {panel.name === 'filter' && <Filters model={model} onDay={(day) => bench.setDay(day)} />}
          {panel.name === 'time' && <Timeline model={model} version={bench.version} day={bench.day} onDay={(day) => bench.setDay(day)} onSelect={choose} />}
          {(panel.name === 'owners' || panel.name === 'holdings') && <OwnersPanel {...props} id={panel.about} which={panel.name} key={panel.name + panel.about} />}
          {panel.name === 'routes' && <RoutesPanel {...props} id={panel.about} key={panel.about} />}
          {panel.name === 'dossier' && <DossierPanel {...props} id={panel.about} key={`dossier ${panel.about}`} />}
          {panel.name === 'flow' && <FlowPanel {...props} id={panel.about} key={`flow ${panel.about}`} />}
          {panel.name === 'cluster' && <ClusterPanel {...props} id={panel.about} key={panel.about} />}
          {panel.name === 'review' && <ReviewPanel {...props} node={panel.about} key={`review ${panel.about}`} />}
          {panel.name === 'view' && isReady && bench.stage && (
            <>
              <ViewPanel {...props} />
              <SavedViews {...props} />
              <Export model={model} stage={bench.stage} about={about} />
            </>
          )}
          {panel.name === 'help' && <HelpPanel />}
        </aside>
      </main>
    </div>
  )
}
