/** Search as you type: a combobox of what bears the name, then of what mentions it. */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { ask, messageOf } from '../ask'
import type { EntitiesAnswer, EntityOut, MatchOut } from '../types'
import { t } from '../words'
import { propertyWord, typeWord } from '../stage/draw'
import { Mark } from './mark'

/** Milliseconds after a letter before the service is asked. */
const REST = 180
const MOST = 12
/** Spread, because the types allow this role only beside a list of the browser's own. */
const COMBOBOX: object = { type: 'search', role: 'combobox' }

interface SearchProps {
  /** Called with the id of what was chosen. */
  onChoose(id: string, entity: EntityOut): void
  label: string
  fieldId?: string
}

export function Search({ onChoose, label, fieldId }: SearchProps) {
  const own = useId()
  const list = `${own}-list`
  const [text, setText] = useState('')
  const [kind, setKind] = useState('')
  const [found, setFound] = useState<EntitiesAnswer | null>(null)
  const [message, setMessage] = useState('')
  const [at, setAt] = useState(-1)
  const asked = useRef<AbortController | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    asked.current?.abort()
    const wanted = text.trim()
    if (!wanted) {
      setFound(null)
      setMessage('')
      return
    }
    const control = new AbortController()
    asked.current = control
    const timer = setTimeout(() => {
      void (async () => {
        try {
          const body = { q: wanted, types: kind ? [kind] : [], limit: MOST }
          const answer = await ask<EntitiesAnswer>('v1/search', { body, signal: control.signal })
          setFound(answer)
          setAt(answer.entities.length ? 0 : -1)
          setMessage(answer.entities.length ? '' : t('search.none', { text: wanted }))
        } catch (error) {
          if (control.signal.aborted) return
          setFound(null)
          setMessage(messageOf(error))
        }
      })()
    }, REST)
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [text, kind])

  const choose = (entity: EntityOut | undefined) => {
    if (!entity) return
    setFound(null)
    setKind('')
    setText('')
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    onChoose(entity.id, entity)
  }
  const onKey = (event: KeyboardEvent) => {
    const count = found?.entities.length ?? 0
    if (event.key === 'ArrowDown' && count) setAt((at + 1) % count)
    else if (event.key === 'ArrowUp' && count) setAt((at - 1 + count) % count)
    else if (event.key === 'Enter' && found) choose(found.entities[Math.max(at, 0)])
    else if (event.key === 'Escape') {
      setFound(null)
      setMessage('')
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const open = Boolean(found?.entities.length)
  const kinds = Object.entries(found?.kinds ?? {})
  return (
    <div
      class="search"
      ref={box}
      onFocusOut={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setFound(null)
      }}
    >
      <label class="hidden" for={fieldId ?? own}>{label}</label>
      <input
        id={fieldId ?? own}
        {...COMBOBOX}
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        placeholder={label}
        value={text}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        {...(open && at >= 0 ? { 'aria-activedescendant': `${list}-${at}` } : {})}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      {message && <p class="found-none" role="status">{message}</p>}
      {found && open && (
        <div class="found">
          {(kinds.length > 1 || kind) && (
            <div class="kinds" role="group" aria-label={t('search.kinds')}>
              {kind && <button type="button" class="chip on" onClick={() => setKind('')}>{typeWord(kind)} ✕</button>}
              {!kind && kinds.map(([name, count]) => (
                <button type="button" class="chip" key={name} onClick={() => setKind(name)}>
                  {typeWord(name)} {count}
                </button>
              ))}
            </div>
          )}
          <ul id={list} role="listbox" aria-label={t('search.results')}>
            {found.entities.map((entity, place) => (
              <li
                id={`${list}-${place}`}
                key={entity.id}
                role="option"
                aria-selected={place === at}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(entity)}
              >
                <Mark type={entity.type} />
                <span class="caption"><bdi>{entity.caption}</bdi></span>
                <span class="quiet">{describe(entity, found.matches?.[entity.id])}</span>
              </li>
            ))}
          </ul>
          {found.next && <p class="quiet">{t('search.more')}</p>}
        </div>
      )}
    </div>
  )
}

/** Its type, and which property matched where that is not its caption. */
function describe(entity: EntityOut, match: MatchOut | undefined): string {
  const kind = typeWord(entity.type)
  const sought = entity.sought_under.length ? ` · ${t('entity.sought')}` : ''
  if (!match || match.value === entity.caption) return kind + sought
  const where = match.bears ? propertyWord(match.property) : t('search.mentions')
  return `${kind}${sought} · ${where}: ${match.value}`
}
