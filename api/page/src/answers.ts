/** What the service answers, as the stage takes it. */
import { linkLook, type GraphLink, type GraphNode } from './stage/graph'

export interface NodeSummary {
  id: string
  type: string
  caption: string
  sought: boolean
  degree: number
  jurisdictions?: string[]
  handling?: string
}

export interface LinkSummary {
  id: string
  type: string
  from: string
  to: string
  label: string
  event: boolean
  periods: { from: string; to: string; source: string }[]
  grade: string
  sources: string[]
  contradictions: string[]
  handling: string
  holds: string
}

export interface GraphPart {
  version: string
  nodes: Record<string, NodeSummary>
  links: LinkSummary[]
}

export interface Count {
  type: string
  direction: 'out' | 'in'
  other: string
  links: number
  drawn: number
  left_out: number
}

export interface Neighbourhoods extends GraphPart {
  neighbourhoods: { node: string; asked: string; total: number; counts: Count[] }[]
  links_left_out: number
  moved: Record<string, string>
  cut: string
}

export interface RestoredGraph extends GraphPart {
  links_left_out: number
  gone: { count: number; nodes: string[] }
  moved: Record<string, string>
}

/** Traits of links that are somebody's word against somebody, and no fact. */
const ALLEGING = ['accusation', 'proceeds']

export const nodesOf = (nodes: Record<string, NodeSummary>): GraphNode[] => Object.values(nodes).map((node) => ({ ...node }))

export const linksOf = (links: readonly LinkSummary[]): GraphLink[] =>
  links.map((link) => ({
    ...link,
    said: link.sources.map((source) => ({ source })),
    alleged: linkLook(link.type).traits.some((trait) => ALLEGING.includes(trait)),
    contradicted: link.contradictions.length > 0,
    suggested: link.type === 'POSSIBLY_SAME_AS',
    properties: {},
  }))
