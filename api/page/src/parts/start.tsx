/** Where to start: what can be done, and the clusters with somebody sought. */
import type { PartProps } from '../explorer'
import type { ClustersAnswer } from '../types'
import { sentenceWords } from '../sentences'
import { t } from '../words'
import { useAnswer } from './answer'
import { Notice } from './notice'

export function StartPanel({ bench, show }: PartProps) {
  const answer = useAnswer<ClustersAnswer>('v1/clusters?sought=true&limit=10', bench.version)
  return (
    <article class="start">
      <h2>{t('start.title')}</h2>
      <p>{t('start.search')}</p>
      <p class="quiet">{t('start.keys')}</p>
      <div class="row"><button type="button" onClick={() => show('review')}>{t('start.review')}</button></div>
      <h3>{t('start.clusters')}</h3>
      <Notice answer={answer} />
      {answer.data && !answer.data.clusters.length && <p class="quiet">{t('start.none')}</p>}
      <ul class="clusters">
        {answer.data?.clusters.map((cluster) => (
          <li key={cluster.id}>
            <button type="button" class="name" onClick={() => show('cluster', cluster.id)}><bdi>{sentenceWords(cluster.name)}</bdi></button>
            <span class="quiet">{t('start.cluster', { members: cluster.members, assets: cluster.assets })}</span>
            <div class="quiet"><bdi>{cluster.sought.join(' · ')}</bdi></div>
          </li>
        ))}
      </ul>
      <p class="quiet">{t('cluster.note')}</p>
    </article>
  )
}
