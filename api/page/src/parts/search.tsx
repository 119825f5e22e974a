/** Search as you type: a combobox of what bears the name, then of what mentions it, then of what sounds or looks alike. */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { ask, messageOf } from '../ask'
import { sentenceWords } from '../sentences'
import type { EntitiesAnswer, EntityOut, FuzzyEntitiesAnswer, MatchOut, WrittenSoOut } from '../types'
import { t } from '../words'
import { propertyWord, typeWord } from '../stage/draw'
import { Mark } from './mark'

/** Milliseconds after a letter before the service is asked. */
const REST = 180
const MOST = 12
/** So few results are soon read: then names that sound or look alike are offered besides. */
const FEW = 5
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
  /** Names that sound or look alike; null while nobody has asked for them. */
  const [alike, setAlike] = useState<WrittenSoOut[] | null>(null)
  const [at, setAt] = useState(-1)
  const asked = useRef<AbortController | null>(null)
  const box = useRef<HTMLDivElement>(null)

  const body = { q: text.trim(), types: kind ? [kind] : [], limit: MOST }
  const attempt = async (control: AbortController, action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (error) {
      if (control.signal.aborted) return
      setFound(null)
      setMessage(messageOf(error))
    }
  }
  const findAlike = async ({ signal }: AbortController, isOnly: boolean): Promise<void> => {
    const { may_be_written_so: some } = await ask<FuzzyEntitiesAnswer>('v1/search', { body: { ...body, fuzzy: true }, signal })
    setAlike(some)
    if (!some.length) setMessage(t(/\d/.test(body.q) ? 'search.number' : isOnly ? 'search.nobody' : 'search.none.alike', { text: body.q }))
  }
  const lookFor = (control: AbortController): Promise<void> => attempt(control, async () => {
    const answer = await ask<EntitiesAnswer>('v1/search', { body, signal: control.signal })
    setFound(answer)
    setAlike(null)
    setAt(answer.entities.length ? 0 : -1)
    setMessage(answer.entities.length ? '' : t('search.none', { text: body.q }))
    if (!answer.entities.length) await findAlike(control, true)
  })

  useEffect(() => {
    asked.current?.abort()
    if (!body.q) {
      setFound(null)
      setMessage('')
      return
    }
    const control = new AbortController()
    asked.current = control
    const timer = setTimeout(() => void lookFor(control), REST)
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [text, kind])

  const exact = found?.entities ?? []
  const options = [...exact, ...(found && alike ? alike.map((one) => one.entity) : [])]
  const offers = found !== null && exact.length > 0 && exact.length <= FEW && !found.next && alike === null
  const choose = (entity: EntityOut | undefined) => {
    if (!entity) return
    setFound(null)
    setMessage('')
    setKind('')
    setText('')
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    onChoose(entity.id, entity)
  }
  const offer = () => {
    const control = asked.current
    if (control) void attempt(control, () => findAlike(control, false))
  }
  const onKey = (event: KeyboardEvent) => {
    const count = options.length + (offers ? 1 : 0)
    if (event.key === 'ArrowDown' && count) setAt((at + 1) % count)
    else if (event.key === 'ArrowUp' && count) setAt((Math.max(at, 0) - 1 + count) % count)
    else if (event.key === 'Enter' && found) offers && at === options.length ? offer() : choose(options[at])
    else if (event.key === 'Escape') {
      setFound(null)
      setMessage('')
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  /** What every option of the list has. */
  const option = (place: number, act: () => void): object => ({
    id: `${list}-${place}`, key: place, role: 'option', 'aria-selected': place === at, onMouseDown: (event: Event) => event.preventDefault(), onClick: act,
  })
  const open = options.length > 0
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
      {message && !open && <p class="found-none" role="status">{message}</p>}
      {found && open && (
        <div class="found">
          {message && <p class="quiet" role="status">{message}</p>}
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
            {exact.map((entity, place) => (
              <li {...option(place, () => choose(entity))}>
                <Mark type={entity.type} />
                <span class="caption"><bdi>{entity.caption}</bdi></span>
                <span class="quiet">{describe(entity, found.matches?.[entity.id])}</span>
              </li>
            ))}
            {alike && alike.length > 0 && <li class="alike" role="presentation">{t('search.alike')}</li>}
            {alike?.map(({ entity, name, reasons }, place) => (
              <li {...option(exact.length + place, () => choose(entity))}>
                <Mark type={entity.type} />
                <span class="caption"><bdi>{entity.caption}</bdi></span>
                <span class="quiet">{describe(entity, undefined)} · {t('search.alike.name')}: <bdi>{name}</bdi> · <bdi>{reasons.map(sentenceWords).join('; ')}</bdi></span>
              </li>
            ))}
            {offers && <li {...option(options.length, offer)}><span class="caption offer">{t('search.alike.ask')}</span></li>}
          </ul>
          {found.next && <p class="quiet">{t('search.more')}</p>}
        </div>
      )}
    </div>
  )
}

/** Its type, and which property matched where that is not its caption. */
function describe(entity: EntityOut, match: MatchOut | undefined): string {
  const kind = [typeWord(entity.type), ...(entity.properties['birth_date'] ?? [])].join(' · ') // by which namesakes are told apart
  const sought = entity.sought_under.length ? ` · ${t('entity.sought')}` : ''
  if (!match || match.value === entity.caption) return kind + sought
  const where = match.bears ? propertyWord(match.property) : t('search.mentions')
  return `${kind}${sought} · ${where}: ${match.value}`
}
