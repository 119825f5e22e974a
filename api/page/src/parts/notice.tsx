/** That an answer is on its way, or why there is none. */
import { t } from '../words'
import type { Answered } from './answer'

export function Notice({ answer }: { answer: Omit<Answered<unknown>, 'data'> & { data?: unknown } }) {
  if (answer.message) return <p class="trouble" role="alert">{answer.message}</p>
  return answer.busy && !answer.data ? <p class="quiet" role="status">{t('page.asking')}</p> : null
}
