/** A ranked path on the stage, and why a hop of it is weak. */
import { sentenceWords } from '../sentences'
import type { Hop, RankedPath } from '../types'

export const lightOf = ({ nodes, hops }: RankedPath): { nodes: string[]; links: string[] } => (
  { nodes, links: hops.flatMap((hop) => hop.links.map((link) => link.id)) }
)

export function reasonsOf(path: RankedPath, hop: Hop): string {
  const ids = new Set(hop.links.map((link) => link.id))
  return path.terms.filter((term) => ids.has(term.about)).map((term) => sentenceWords(term.why)).join('; ')
}
