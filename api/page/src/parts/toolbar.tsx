/** What can be done with the picture: each button has its key. On a phone the panels are in a menu. */
import { useState } from 'preact/hooks'
import type { PanelName, PartProps } from '../explorer'
import { t, type Word } from '../words'
import { useModel } from './drawn'

interface ToolbarProps extends PartProps {
  panel: PanelName
  isTable: boolean
  onTable(): void
  act(key: string): boolean
}

export function Toolbar({ bench, panel, show, isTable, onTable, act }: ToolbarProps) {
  useModel(bench.model)
  const { model } = bench
  const [isOpen, setOpen] = useState(false)
  const isEmpty = !model.nodes.size
  const key = (name: string, word: Word, sign: string, disabled = false) => (
    <button type="button" disabled={disabled} aria-keyshortcuts={name} title={`${t(word)} (${name})`} onClick={() => act(name)}>
      <span aria-hidden="true">{sign}</span><span class="hidden">{t(word)}</span>
    </button>
  )
  const panelButton = (name: PanelName, word: Word, shortcut = '') => (
    <button type="button" aria-pressed={panel === name} {...(shortcut ? { 'aria-keyshortcuts': shortcut, title: `${t(word)} (${shortcut})` } : {})} onClick={() => (name === 'path' ? act('p') : show(name))}>{t(word)}{name === 'filter' && model.filter.day && `: ${model.filter.day}`}</button>
  )
  return (
    <nav class="toolbar" aria-label={t('tool.title')}>
      <div class="row">
        {key('u', 'tool.undo', '↶', !model.canUndo)}
        {key('r', 'tool.redo', '↷', !model.canRedo)}
        {key('+', 'tool.nearer', '+', isEmpty)}
        {key('-', 'tool.further', '−', isEmpty)}
        {key('0', 'tool.fit', '⤢', isEmpty)}
        <button type="button" aria-pressed={isTable} aria-keyshortcuts="t" title={`${t('tool.table')} (t)`} onClick={onTable}>{t('tool.table')}</button>
        <button type="button" class="menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t('tool.menu')}</button>
      </div>
      <div class={isOpen ? 'row' : 'row closed'} onClick={() => setOpen(false)}>
        <button type="button" disabled={isEmpty} onClick={() => void bench.stage?.layout('free')}>{t('tool.layout')}</button>
        {panelButton('start', 'tool.start')}
        {panelButton('path', 'tool.path', 'p')}
        {panelButton('connect', 'tool.connect', 'c')}
        {panelButton('filter', 'tool.filter', 'f')}
        {panelButton('time', 'tool.time')}
        {panelButton('view', 'tool.view', 's')}
        {panelButton('help', 'tool.help', '?')}
      </div>
    </nav>
  )
}
