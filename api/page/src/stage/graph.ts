// What is drawn: nodes, links, where they stand, and what a filter hides.
import looks from '../looks.json'

export interface GraphNode {
  id: string
  type: string
  caption: string
  sought: boolean
  degree: number
  cleared?: boolean
  /** The furthest stage of an accusation that is not cleared; '' where there is none. */
  accused?: string
  /** The day on which a paper ended, may be partial; '' where nobody says that it did. */
  ended?: string
  handling?: string
  jurisdictions?: string[]
}

/** Days are ISO and may be partial; '' is open. */
export interface Period { from: string; to: string; source: string }

export interface Said { source: string; stated?: string; url?: string; page?: string; grade?: string }

/** How far the proceedings of an accusation have gone; '' where who accuses names no stage. */
export interface Stage { stage: string; by: string[] }

export interface GraphLink {
  id: string
  type: string
  from: string
  to: string
  label?: string
  event?: boolean
  stages?: Stage[]
  periods: Period[]
  sources: string[]
  said: Said[]
  grade: string
  alleged: boolean
  /** Whether all who say so only suspect it. */
  suspected?: boolean
  contradicted: boolean
  contradictions?: string[]
  suggested: boolean
  holds: string
  handling?: string
  properties: Record<string, string[]>
}

export interface Position { x: number; y: number; pinned: boolean }

interface NodeLook { ancestors: string[]; shape: string; color: string; border: string; text: string }
interface LinkLook {
  color: string
  width: number
  caption: string
  inverse: string
  directed: boolean
  event: boolean
  traits: string[]
  roles: Record<string, { caption: string; inverse: string }>
}

const NODE_LOOKS: Record<string, NodeLook> = looks.nodes
const LINK_LOOKS: Record<string, LinkLook> = looks.links
const OTHER: LinkLook = {
  color: '#8C8C8C', width: 1, caption: '', inverse: '', directed: true, event: false, traits: [], roles: {},
}

export const nodeLook = (type: string): NodeLook => NODE_LOOKS[type] ?? NODE_LOOKS['Entity']!
export const linkLook = (type: string): LinkLook => LINK_LOOKS[type] ?? OTHER

/** The role whose words a link has, where every source states it; '' where it has those of its type. */
export function roleOf(type: string, stated: readonly string[] = []): string {
  const has = (role: string): boolean => stated.every((text) => new RegExp(`\\b${role}`, 'i').test(text))
  return stated.length ? Object.keys(linkLook(type).roles).find(has) ?? '' : ''
}

/** Whether nobody has shown it yet: such a link is dashed. */
export const isDoubtful = (link: GraphLink): boolean => link.alleged || link.suggested || link.suspected === true

/** How an accusation ended: cleared where all say so, convicted where nobody clears; '' where neither, and for other links. */
export function outcome(stages: readonly Stage[] = []): '' | 'cleared' | 'convicted' {
  if (!stages.length) return ''
  const cleared = stages.filter(({ stage }) => stage === 'cleared').length
  if (cleared) return cleared === stages.length ? 'cleared' : ''
  return stages.some(({ stage }) => stage === 'convicted') ? 'convicted' : ''
}

/** What is said of a node in words of a file: all of it, so that no clearance hides a conviction. */
export function standing(node: GraphNode): string[] {
  const accused = node.accused === 'convicted' || node.cleared ? node.accused ?? '' : ''
  const cleared = !node.cleared ? '' : accused ? 'cleared-of-one' : 'cleared'
  return [node.sought ? 'sought' : '', accused, cleared].filter(Boolean)
}

/** By id, whatever the language of the page is: the same everywhere. */
export const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const RANK = ['', 'open', 'restricted', 'protected']

/** The strictest handling code of several; '' where all is open. */
export function strictest(items: Iterable<{ handling?: string }>): string {
  let found = 0
  for (const item of items) found = Math.max(found, RANK.indexOf(item.handling ?? ''))
  return found > 1 ? RANK[found]! : ''
}
