/** Who says so: a source with its grade, its day, its page, and its address as a link. */
import { t, tOr } from '../words'

interface SaidBy {
  source: string
  origin?: string | undefined
  reliability?: string | undefined
  credibility?: string | undefined
  grade?: string | undefined
  stated?: string | undefined
  url?: string | undefined
  page?: string | undefined
  handling?: string | undefined
}

export function SourceLine({ said }: { said: SaidBy }) {
  const grade = said.grade ?? `${said.reliability ?? ''}${said.credibility ?? ''}`
  return (
    <span class="said">
      <bdi class="source">{said.source}</bdi>
      <span class="grade" title={t('said.grade')}>{grade || t('said.ungraded')}</span>
      {said.origin && <bdi>{said.origin}</bdi>}
      {said.page && <span>{t('said.page', { page: said.page })}</span>}
      {said.stated && <span>{t('said.stated', { day: said.stated })}</span>}
      <HandlingMark code={said.handling} />
      {said.url && <Address url={said.url} />}
    </span>
  )
}

/** Everybody who says something; where nobody does, that the graph derives it. */
export function Sources({ said }: { said: readonly SaidBy[] }) {
  if (!said.length) return <p class="quiet">{t('link.derived')}</p>
  return <ul class="claims">{said.map((one, place) => <li key={place}><SourceLine said={one} /></li>)}</ul>
}

/** The handling code of what is not open, as a word. */
export function HandlingMark({ code }: { code: string | undefined }) {
  return code && code !== 'open' ? <strong class="code">{tOr(`handling.${code}`, code)}</strong> : null
}

/** An address of a source: a link only where it is one of the web, named by its host, and followed without a referrer. */
export function Address({ url }: { url: string }) {
  const host = webHost(url)
  if (!host) return <bdi class="quiet">{url}</bdi>
  return (
    <a href={url} target="_blank" rel="noreferrer noopener nofollow" title={url}>
      {host}<span class="hidden"> {t('said.opens')}</span>
    </a>
  )
}

/** The host of an http or https address; empty for anything else, such as javascript: and data:. */
function webHost(url: string): string {
  try {
    const found = new URL(url)
    return /^https?:\/\//i.test(url) && (found.protocol === 'http:' || found.protocol === 'https:') ? found.host : ''
  } catch {
    return ''
  }
}
