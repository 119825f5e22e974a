/** What the service answers, as the stage takes it. */
import { linkLook, outcome, type GraphLink, type GraphNode } from './stage/graph'
import type { LinkSummary, NodeSummary } from './types'

/** Traits of links that are somebody's word against somebody, and no fact. */
const ALLEGING = ['accusation', 'proceeds']

export const nodesOf = (nodes: Record<string, NodeSummary>): GraphNode[] => Object.values(nodes)

export const linksOf = (links: readonly LinkSummary[]): GraphLink[] =>
  links.map((link) => ({
    ...link,
    said: link.sources.map((source) => ({ source })),
    alleged: !outcome(link.stages) && linkLook(link.type).traits.some((trait) => ALLEGING.includes(trait)),
    contradicted: link.contradictions.length > 0,
    suggested: link.type === 'POSSIBLY_SAME_AS',
    properties: {},
  }))
