/** One cluster: who and what is in it, in which role and why, and what holds it together. */
import { useState } from 'preact/hooks'
import type { PartProps } from '../explorer'
import { part } from '../ask'
import type { ExplanationAnswer } from '../types'
import { sentenceWords } from '../sentences'
import { t, tOr } from '../words'
import { useAnswer } from './answer'
import { Part } from './entity'
import { wayWords } from './expand'
import { Name } from './name'
import { Notice } from './notice'

/** Of what holds a cluster together, so much before it is asked for. */
const FEW = 8

export function ClusterPanel(props: PartProps & { id: string }) {
  const { bench, id } = props
  const answer = useAnswer<ExplanationAnswer>(`v1/clusters/${part(id)}/explanation?stability=false`, bench.version)
  const { data } = answer
  const [isWhole, setWhole] = useState(false)
  const caption = (node: string): string => data?.captions[node] ?? node
  const draw = (): void => void bench.attempt(async () => {
    const members = data?.cluster.members.map((member) => member.id) ?? []
    await bench.draw(members)
    bench.stage?.highlight(null)
    await bench.stage?.layout('free')
  })
  const roles = [...new Set(data?.cluster.members.map((member) => member.role) ?? [])]
  return (
    <article class="cluster">
      <h2><bdi>{data ? sentenceWords(data.cluster.name) : t('cluster.title')}</bdi></h2>
      <p class="quiet">{t('cluster.note')}</p>
      <Notice answer={answer} />
      {data && (
        <>
          <div class="row"><button type="button" class="primary" onClick={draw}>{t('cluster.draw', { count: data.cluster.members.length })}</button></div>
          {data.cluster.score && (
            <p>{t('cluster.score', { score: data.cluster.score.total })} <span class="quiet">{data.cluster.score.terms.map((term) => `${tOr(`score.${term.name}`, term.name)} ${term.points}`).join(', ')}</span></p>
          )}
          {data.cluster.signs.length > 0 && (
            <Part title={t('cluster.flags')}>
              <ul>{data.cluster.signs.map((sign, place) => <li key={place}><strong>{tOr(`flag.${sign.indicator}`, data.indicators.find((one) => one.name === sign.indicator)?.title ?? sign.indicator)}</strong>: <bdi>{sentenceWords(sign.says)}</bdi></li>)}</ul>
              {data.indicators.flatMap((one) => one.innocent).length > 0 && <p class="quiet">{t('cluster.innocent')}: <bdi>{[...new Set(data.indicators.filter((one) => data.cluster.signs.some((sign) => sign.indicator === one.name)).flatMap((one) => one.innocent))].map(sentenceWords).join(' ')}</bdi></p>}
            </Part>
          )}
          {roles.map((role) => (
            <Part key={role} title={tOr(`role.${role}`, role)}>
              <ul class="members">
                {data.cluster.members.filter((member) => member.role === role).map((member) => <li key={member.id}><Name props={props} id={member.id} caption={caption(member.id)} type={member.type} /></li>)}
              </ul>
            </Part>
          ))}
          {data.explanation.holds.length > 0 && (
            <Part title={t('cluster.holds')}>
              <ul>
                {data.explanation.holds.slice(0, isWhole ? undefined : FEW).map((one) => {
                  const tie = data.cluster.ties.find((other) => other.id === one.tie)
                  return tie && <li key={one.tie}><bdi>{caption(tie.source_id)}</bdi> {wayWords(tie.type, 'out')} <bdi>{caption(tie.target_id)}</bdi>{one.falls_off.length > 0 && <span class="quiet"> · {t('cluster.falls', { count: one.falls_off.length })}</span>}</li>
                })}
              </ul>
              {!isWhole && data.explanation.holds.length > FEW && (
                <button type="button" onClick={() => setWhole(true)}>{t('expand.more', { count: data.explanation.holds.length - FEW })}</button>
              )}
            </Part>
          )}
          {data.explanation.middle.length > 0 && (
            <Part title={t('cluster.middle')} closed>
              <ul class="members">{data.explanation.middle.map((one) => <li key={one.member}><Name props={props} id={one.member} caption={caption(one.member)} /></li>)}</ul>
            </Part>
          )}
        </>
      )}
    </article>
  )
}
