// Made by `make generate` from the service's OpenAPI document.

export type ActionItem = {
  about: (string)[]
  agency: string
  cluster: string
  cluster_id: string
  days: number
  deadline: string
  evidence: (EvidenceEntry)[]
  names_them: boolean
  notes: (string)[]
  since: string
  what: string
  when: string
}

export type Allegation = {
  replies: (PersonReply)[]
  statement: LegalStatement
}

export type ArrangementRole = {
  arrangement: string
  held: (string)[]
  holds_title: boolean
  link: string
  party: string
}

export type BoundaryMember = {
  clusters: (string)[]
  member: string
  ties: (string)[]
  weight: number
}

export type CandidatePair = {
  id: string
  match: Match
  since: string
}

export type CandidatePairsAnswer = {
  nodes: { [key: string]: NodeSummary }
  pairs: (CandidatePair)[]
  total: number
  version: string
}

export type CentralMember = {
  between: number
  cuts: boolean
  member: string
}

export type ChanceBaseline = {
  hops: number
  people: number
  reach: number
}

export type CircularHolding = {
  closed: string
  members: (string)[]
}

export type CitedSource = {
  source: string
  stated: string
  title: string
  url: string
}

export type ClaimOut = {
  credibility: string
  datasets: (string)[]
  handling: string
  key: string
  namespace: string
  not_understood: (UnreadValueOut)[]
  origin: string
  other: { [key: string]: (string)[] }
  page: string
  part: string
  properties: { [key: string]: (string)[] }
  referents: (string)[]
  reliability: string
  remarks: (string)[]
  since: string
  source: string
  stated: string
  type: string
  url: string
}

export type Cluster = {
  bridges: (string)[]
  circular: ((string)[])[]
  circular_cut: boolean
  id: string
  members: (Member)[]
  name: string
  score: Score | null
  signs: (RedFlag)[]
  ties: (Tie)[]
}

export type ClusterAnswer = {
  as_of: string
  captions: { [key: string]: string }
  cluster: Cluster
  indicators: (Indicator)[]
  links: (LinkSummary)[]
  nodes: { [key: string]: NodeSummary }
  parameters: { [key: string]: boolean | number | string }
  version: string
}

export type ClusterExplanation = {
  agencies: (string)[]
  arrangements: (string)[]
  assets: (string)[]
  cluster: string
  enterprises: (string)[]
  holds: (TieImportance)[]
  jurisdictions: (JurisdictionCount)[]
  measures: (string)[]
  middle: (CentralMember)[]
  not_counted: (string)[]
  passages: (BoundaryMember)[]
  people: (string)[]
  stability: Stability | null
  weakest_cut: (string)[]
  worth: (ValuationTotal)[]
}

export type ClusterOverview = {
  assets: number
  id: string
  members: number
  name: string
  score: number
  signs: (string)[]
  sought: (string)[]
}

export type ClustersAnswer = {
  as_of: string
  clusters: (ClusterOverview)[]
  next: string | null
  parameters: { [key: string]: boolean | number | string }
  total: number
  version: string
}

export type ComparisonAnswer = {
  band: "strong" | "review" | "faint" | "none"
  bits: number
  capped: "" | "name alone" | "contradicted" | "judged distinct" | "judged unsure"
  evidence: (Evidence)[]
  missing: (string)[]
  namesakes_expected: number | null
  one: string
  one_caption: string
  other: string
  other_caption: string
  other_sources: (string)[]
  prior_bits: number
  probability: number
  rivals: (Rival)[]
  rules_version: string
  warnings: (string)[]
}

export type CompetentAuthority = {
  jurisdiction: string
  kind: string
  names: (string)[]
  side: "host" | "requesting" | "international"
  work: (string)[]
}

export type ConnectingPathOut = {
  from: string
  joins: boolean
  path: RankedPath
  to: string
}

export type ConnectionsAnswer = {
  as_of: string
  asked: (string)[]
  cut: string
  depth: number
  links: (LinkSummary)[]
  more: boolean
  nodes: { [key: string]: NodeSummary }
  pairs: number
  paths: (ConnectingPathOut)[]
  shared: (SharedNode)[]
  unconnected: ([string, string])[]
  version: string
}

export type ConnectionsRequest = {
  as_of?: string
  avoid?: (string)[]
  depth?: number
  exclude_traits?: (string)[]
  exclude_types?: (string)[]
  limit?: number
  max_degree?: number
  min_reliability?: string
  nodes: (string)[]
  not_through?: (string)[]
  one_way?: (string)[]
  only_through?: (string)[]
  only_traits?: (string)[]
  only_types?: (string)[]
  seconds?: number
  walk?: (string)[]
}

export type Contradiction = {
  about: string
  earlier: string
  property: string
  says: string
  values: (string)[]
}

export type CostTerm = {
  about: string
  cost: number
  why: string
}

export type CrowdedHolding = {
  held: string
  holder: string
  links: (string)[]
}

export type DossierAnswer = {
  absences: { [key: string]: string }
  allegations: (Allegation)[]
  bars: (string)[]
  clearances: (LegalStatement)[]
  day: string
  deadlines: (ActionItem)[]
  deleted_notices: (RecordEntry)[]
  documents: (PersonFact)[]
  exhibits: (ExhibitEntry)[]
  facts: (PersonFact)[]
  measures: (PersonFact)[]
  name: string
  next_step: string
  notes: (string)[]
  other_names: (string)[]
  papers: (Paper)[]
  person: string
  raised: (string)[]
  raised_by: { [key: string]: (string)[] }
  recoverable: RecoverableValue
  reminders: (string)[]
  requesting: string
  requests: (HostRequests)[]
  routes: (RouteSummary)[]
  through_relatives: (RelativeTotal)[]
  values: (StatusTotal)[]
  version: string
  without_value: ([string, number])[]
}

export type ElementEvidence = {
  about: string
  element: "identity" | "act" | "amount" | "presence" | "papers" | "tracing" | "holder"
  grade: "none" | "alleged" | "one source" | "two independent origins" | "court finding"
  origins: (string)[]
}

export type EntitiesAnswer = {
  entities: (EntityOut)[]
  kinds: { [key: string]: number }
  matches: { [key: string]: MatchOut }
  next: string | null
  version: string
}

export type EntityAnswer = {
  claims: (ClaimOut)[]
  contradictions: (string)[]
  entity: EntityOut
  former_ids: (string)[]
  formerly_sought: (string)[]
  joins: (string)[]
  judgements: (JudgementOut)[]
  names: ([string, string])[]
  sought: (string)[]
  suggestions: (SuggestionOut)[]
  version: string
}

export type EntityOut = {
  caption: string
  id: string
  not_understood: (UnreadValueOut)[]
  other: { [key: string]: (string)[] }
  properties: { [key: string]: (string)[] }
  sought_under: (string)[]
  sources: (string)[]
  type: string
  types: (string)[]
}

export type Evidence = {
  bits: number
  feature: string
  one_value: string
  other_value: string
  says: string
}

export type EvidenceEntry = {
  credibility: string
  handling: string
  invented: boolean
  loaded: string
  origin: string
  page?: string
  reliability: string
  sources: (string)[]
  stated: string
  url: string
}

export type ExcludedPerson = {
  person: string
  why: string
}

export type ExhibitEntry = {
  about: string
  about_id: string
  document_id: string
  evidence: (EvidenceEntry)[]
  link: string
  link_id: string
  media_type: string
  pages: (string)[]
  problem: string
  sha256: string
  size: string
  title: string
}

export type ExhibitOut = {
  about: string
  caption: string
  document: string
  entity: string
  file_name: string
  is_kept: boolean
  media_type: string
  pages: (string)[]
  said: (ProvenanceOut)[]
  sha256: string
  size: number | null
  title: string
}

export type ExhibitsAnswer = {
  exhibits: (ExhibitOut)[]
  next: string | null
  version: string
}

export type ExplanationAnswer = {
  as_of: string
  captions: { [key: string]: string }
  cluster: Cluster
  explanation: ClusterExplanation
  indicators: (Indicator)[]
  links: (LinkSummary)[]
  nodes: { [key: string]: NodeSummary }
  parameters: { [key: string]: boolean | number | string }
  version: string
}

export type FactAnswer = {
  answer: "yes" | "no" | "unknown"
  disputed?: boolean
  fact: string
  host_decides?: boolean
  question: string
  says?: (LegalStatement)[]
  text?: string
}

export type FirstFreeze = {
  asset: string
  high: string
  host: string
  lapses: (LapseDate)[]
  low: string
  missing: (string)[]
  next_action: string
  note: string
  people: (string)[]
  risks: (string)[]
  route: string
  state: "open" | "to_examine" | "needs" | "blocked" | "person_initiated_only"
  status: "held" | "traced" | "restrained" | "final" | "returned"
  valued: boolean
}

export type FlowEvent = {
  about: string
  first: string
  kind: "warrant, notice or list entry" | "accusation" | "measure, request or case" | "presence"
  last: string
  link: string
  moved: { [key: string]: MovedAfter }
  other: string
  stage: string
  what: string
}

export type FlowRequest = {
  as_of?: string
  currency?: string
  from: string
  opening?: string
  rates?: (string)[]
  rules?: (string)[]
  seconds?: number
  to?: string
}

export type FlowTotal = {
  arrived: { [key: string]: MoneyRange }
  paid: MoneyRange
  returned: { [key: string]: MoneyRange }
}

export type FreezeSetAnswer = {
  assets: (string)[]
  complete: boolean
  day: string
  notes: (string)[]
  person: string
  reminders: (string)[]
  requesting: string
  restrain: (FreezeTarget)[]
  restrained: (string)[]
  traced_only: (string)[]
  version: string
}

export type FreezeTarget = {
  assets: (string)[]
  hosts: (string)[]
  kind: string
  node: string
  through_relatives: boolean
}

export type FtmLink = {
  edge?: string | null
  property?: string | null
  reverse?: boolean
  role?: string
  schema?: (string)[]
  source?: string | null
  target?: string | null
  words?: string
}

export type FuzzyEntitiesAnswer = {
  entities: (EntityOut)[]
  kinds: { [key: string]: number }
  matches: { [key: string]: MatchOut }
  may_be_written_so: (WrittenSoOut)[]
  next: string | null
  version: string
}

export type Gap = {
  answers: number
  ask: (string)[]
  bodies: (string)[]
  fact: string
  host: string
  of: (string)[]
  opens: number
  people: number
  question: string
  routes: number
}

export type GapsAnswer = {
  day: string
  gaps: (Gap)[]
  needs: (RouteNeeds)[]
  notes: (string)[]
  reminders: (string)[]
  requesting: string
  total: number
  version: string
}

export type GoneNodes = {
  count: number
  nodes: (string)[]
}

export type Holding = {
  beneficial: Share
  chains: (OwnershipChain)[]
  declared: (string)[]
  held: string
  holder: string
  legal: Share
  more_chains: boolean
  place: string
}

export type Hop = {
  from_id: string
  links: (HopLink)[]
  origins: number
  to_id: string
}

export type HopLink = {
  forward: boolean
  holds: string
  id: string
  type: string
}

export type HostRequests = {
  answered: number
  entries: (RecordEntry)[]
  host: string
  refused: number
  requests: (PersonFact)[]
}

export type Indicator = {
  asks: string
  basis: string
  clusters: number
  innocent: (string)[]
  name: string
  of: number
  of_without_sought: number
  title: string
  without_sought: number
}

export type InvalidField = {
  expected: string
  field: string
  value?: string
}

export type JudgementAnswer = {
  becomes_sought: (string)[]
  captions: [string, string]
  contradictions: (string)[]
  evidence_against: (string)[]
  kind: string
  missing: string
  nodes: [string, string]
  number: number
  says: string
}

export type JudgementOut = {
  by: string
  confirmed: string
  confirmed_by: string
  confirmed_why: string
  day: string
  kind: string
  number: number
  one: [string, string]
  other: [string, string]
  state: string
  undone: string
  undone_by: string
  undone_why: string
  why: string
}

export type JudgementRequest = {
  kind: "same" | "distinct" | "unsure"
  one: string
  other: string
  record?: boolean
  why?: string
}

export type JurisdictionCount = {
  arrangements: number
  assets: number
  enterprises: number
  id: string
  people: number
}

export type LapseDate = {
  day: string
  what: string
}

export type LegalStatement = {
  answer: "yes" | "no" | "unknown"
  citations?: (string)[]
  grade?: string
  links?: (string)[]
  origin?: string
  sources?: (string)[]
  stale?: string
  stated?: string
  text: string
  url?: string
}

export type LinkAnswer = {
  claims: (ClaimOut)[]
  in_short: LinkSummary
  link: LinkOut
  nodes: { [key: string]: NodeSummary }
  values: (LinkValue)[]
  version: string
}

export type LinkCountOut = {
  direction: string
  drawn: number
  left_out: number
  links: number
  other: string
  type: string
}

export type LinkOut = {
  from: string
  holds: string
  id: string
  not_understood: (UnreadValueOut)[]
  properties: { [key: string]: (string)[] }
  said: (ProvenanceOut)[]
  sources: (string)[]
  to: string
  type: string
}

export type LinkSummary = {
  contradictions: (string)[]
  event: boolean
  from: string
  grade: string
  handling: string
  holds: string
  id: string
  label: string
  periods: (PeriodOut)[]
  relation: string
  sources: (string)[]
  stages: (StageOut)[]
  suspected: boolean
  to: string
  type: string
}

export type LinkType = {
  abstract?: boolean
  caption?: string
  description: string
  directed?: boolean
  event?: boolean
  from?: (string)[]
  ftm?: (FtmLink)[]
  handling?: string
  inverse?: string
  name: string
  properties?: { [key: string]: Property }
  roles?: { [key: string]: RoleWords }
  to?: (string)[]
  traits?: (string)[]
}

export type LinkValue = {
  property: string
  sources: (string)[]
  value: string
}

export type LinkedAsset = {
  amounts: (StatedAmount)[]
  asset: string
  burdens: (string)[]
  hosts: (string)[]
  is_traced: boolean
  lapses: (LapseDate)[]
  risks: (string)[]
  share_high: number
  share_low: number
  status: "held" | "traced" | "restrained" | "final" | "returned"
}

export type LinksAnswer = {
  captions: { [key: string]: string }
  link_claims: { [key: string]: (ClaimOut)[] }
  link_contradictions: { [key: string]: (string)[] }
  links: (LinkOut)[]
  next: string | null
  unresolved: (UnresolvedLinkOut)[]
  version: string
}

export type Liveness = {
  software: string
  status: string
}

export type Match = {
  band: "strong" | "review" | "faint" | "none"
  bits: number
  capped: "" | "name alone" | "contradicted" | "judged distinct" | "judged unsure"
  evidence: (Evidence)[]
  missing: (string)[]
  namesakes_expected: number | null
  one: string
  one_caption: string
  other: string
  other_caption: string
  other_sources: (string)[]
  prior_bits: number
  probability: number
  rivals: (Rival)[]
  rules_version: string
  warnings: (string)[]
}

export type MatchOut = {
  bears: boolean
  how: string
  property: string
  value: string
}

export type Member = {
  because: (string)[]
  id: string
  role: string
  type: string
}

export type MissingFact = {
  about: string
  ask: (string)[]
  bodies: (string)[]
  fact: string
  of: (string)[]
  opens: boolean
  question: string
  says: (LegalStatement)[]
}

export type MoneyFlowAnswer = {
  accounts: { [key: string]: string }
  as_of: string
  assumptions: (string)[]
  captions: { [key: string]: string }
  events: (FlowEvent)[]
  goal: (string)[]
  held: (TracedHolding)[]
  links: { [key: string]: LinkOut }
  not_understood: (string)[]
  payments: (TracedPayment)[]
  rejected: { [key: string]: number }
  rules: ("fifo" | "pro-rata" | "lowest-balance")[]
  start: (string)[]
  totals: { [key: string]: FlowTotal }
  unresolved: (UnresolvedPayment)[]
  untraced: (UntracedPayment)[]
  version: string
}

export type MoneyRange = {
  currency: string
  high: string | null
  low: string
}

export type MovedAfter = {
  payments: number
  possibly: number
  traced: { [key: string]: MoneyRange }
}

export type NameComparison = {
  bits: number
  left: string
  reasons: (string)[]
  right: string
  same: boolean
}

export type NameComparisonsAnswer = {
  comparisons: (NameComparison)[]
}

export type NameComparisonsBody = {
  pairs: (NamePair)[]
  seconds?: number
}

export type NamePair = {
  left: string
  right: string
  type?: "person" | "company"
}

export type NeededDocument = {
  name: string
  recorded: "yes" | "no" | "unknown"
}

export type NeighbourhoodsAnswer = {
  as_of: string
  day: string
  gone: GoneNodes
  links: (LinkSummary)[]
  links_left_out: number
  moved: { [key: string]: string }
  neighbourhoods: (NodeNeighbourhood)[]
  nodes: { [key: string]: NodeSummary }
  outdated_suggestions: number
  version: string
}

export type NeighbourhoodsRequest = {
  as_of?: string
  direction?: "in" | "out" | "both"
  drawn?: (string)[]
  each?: number
  limit?: number
  nodes: (string)[]
  others?: (string)[]
  seconds?: number
  types?: (string)[]
}

export type NodeNeighbourhood = {
  asked: string
  counts: (LinkCountOut)[]
  node: string
  total: number
}

export type NodeSummary = {
  accused: string
  assets: number
  caption: string
  cleared: boolean
  degree: number
  ended: string
  handling: string
  id: string
  is_asset: boolean
  jurisdictions: (string)[]
  sought: boolean
  type: string
}

export type NodeType = {
  abstract?: boolean
  caption?: (string)[]
  description: string
  extends?: (string)[]
  ftm?: (string)[]
  key?: string | null
  name: string
  properties?: { [key: string]: Property }
}

export type OffenceVictim = {
  offence: string
  victim: string
}

export type OntologyAnswer = {
  digest: string
  links: (LinkType)[]
  nodes: (NodeType)[]
  traits: { [key: string]: string }
}

export type OwnershipAnswer = {
  about: string
  arrangements: (ArrangementRole)[]
  as_of: string
  asked: { [key: string]: string | number | boolean }
  beyond: (ShareExcess)[]
  captions: { [key: string]: string }
  caveats: (string)[]
  circles: (CircularHolding)[]
  contradictions: (Contradiction)[]
  crowded: (CrowdedHolding)[]
  disputes: (ShareDispute)[]
  holdings: (Holding)[]
  impossible: (string)[]
  links: { [key: string]: LinkOut }
  more: boolean
  not_understood: (string)[]
  unaccounted: { [key: string]: Share }
  unresolved: (UnresolvedHolding)[]
  version: string
}

export type OwnershipChain = {
  interests: (string)[]
  share: Share
  steps: (OwnershipStep)[]
}

export type OwnershipStep = {
  held: string
  holder: string
  links: (string)[]
  share: Share
}

export type Paper = {
  ended: string
  id: string
  in_force: boolean
  issuers: (string)[]
  kind: string
  name: string
  reason: string
  since: string
  sources: (string)[]
}

export type ParameterOut = {
  example: string | number | (string)[]
  meaning: string
  name: string
  optional: boolean
  type: string
}

export type PathsAnswer = {
  as_of: string
  captions: { [key: string]: string }
  chance: ChanceBaseline | null
  cut: string
  explored: number
  found: boolean
  goal: string
  limits: { [key: string]: number | string | (string)[] }
  link_claims: { [key: string]: (ClaimOut)[] }
  links: { [key: string]: LinkOut }
  more: boolean
  nodes: { [key: string]: NodeSummary }
  not_understood: (string)[]
  paths: (RankedPath)[]
  ranking: string
  start: string
  steps: number
  version: string
}

export type PathsRequest = {
  as_of?: string
  avoid?: (string)[]
  depth?: number
  exclude_traits?: (string)[]
  exclude_types?: (string)[]
  from: string
  limit?: number
  max_degree?: number
  min_reliability?: string
  not_through?: (string)[]
  one_way?: (string)[]
  only_shortest?: boolean
  only_through?: (string)[]
  only_traits?: (string)[]
  only_types?: (string)[]
  ranking?: string
  sample?: number
  seconds?: number
  steps?: number
  through?: (string)[]
  to: string
  walk?: (string)[]
}

export type PeriodOut = {
  from: string
  source: string
  to: string
}

export type PersonFact = {
  evidence: (EvidenceEntry)[]
  text: string
}

export type PersonReply = {
  day: string
  evidence: (EvidenceEntry)[]
  text: string
}

export type PortfolioAnswer = {
  bound: number
  budget: WorkBudget
  chosen: (PortfolioPerson)[]
  currency: string
  day: string
  first_freezes: (FirstFreeze)[]
  guarantee: string
  left_out: (ExcludedPerson)[]
  limit: number
  notes: (string)[]
  objective: string
  rates: (string)[]
  reminders: (string)[]
  requesting: string
  value: number
  values: (StatusValue)[]
  version: string
  weights: { [key: string]: number }
}

export type PortfolioPerson = {
  adds: { [key: string]: number }
  days: number
  gain: number
  lapses: (LapseDate)[]
  person: string
  through_relatives: (StatusValue)[]
  values: (StatusValue)[]
}

export type PresumedFact = {
  answer: "yes" | "no" | "unknown"
  fact: string
  question: string
  rebuttal: string
  says: string
  stated: string
  title: string
  url: string
}

export type Problem = {
  detail: string
  errors?: (InvalidField)[]
  may_be_written_so?: (WrittenAlike)[]
  status: number
  title: string
  type?: string
}

export type Property = {
  check?: string
  description: string
  example?: string
  form?: string
  ftm?: (string)[]
  identifies?: boolean
  pattern?: string | null
  shape?: string
  type: string
  values?: (string)[]
}

export type ProvenanceOut = {
  credibility: string
  datasets: (string)[]
  handling: string
  origin: string
  page: string
  reliability: string
  source: string
  stated: string
  url: string
}

export type QueriesAnswer = {
  queries: (QueryOut)[]
  runs_here: boolean
}

export type QueryAnswer = {
  query: QueryOut
  runs_here: boolean
}

export type QueryOut = {
  answers: string
  limit: string
  name: string
  parameters: (ParameterOut)[]
  title: string
}

export type QueryRequest = {
  limit?: number
  parameters?: { [key: string]: string | number | (string)[] }
  seconds?: number
}

export type QueryResult = {
  columns: (string)[]
  more: boolean
  query: string
  rows: ((unknown)[])[]
  version: string
}

export type RankedPath = {
  coherent: string
  contradictions: (Contradiction)[]
  cost: number
  hops: (Hop)[]
  judgements: (number)[]
  kind: string
  nodes: (string)[]
  origins: number
  rivals: (number)[]
  supports_holding: boolean
  terms: (CostTerm)[]
  weakest: number
}

export type Readiness = {
  clusters: RefreshOut
  ontology: string
  software: string
  sqlite: string
  status: string
  version: string
  view: RefreshOut
}

export type RecordEntry = {
  about: (string)[]
  day: string
  evidence: (EvidenceEntry)[]
  ground: string
  host: string
  what: string
}

export type RecoverableValue = {
  currency: string
  rates: (string)[]
  values: (StatusValue)[]
}

export type RedFlag = {
  about: (string)[]
  because: (string)[]
  indicator: string
  says: string
}

export type RefreshError = {
  next_try: string
  reason: string
  since: string
}

export type RefreshOut = {
  age_seconds: number | null
  build_seconds: number | null
  state: "current" | "refreshing" | "failing"
  trouble: RefreshError | null
  version: string | null
}

export type RelativeTotal = {
  relative: string
  total: StatusTotal
}

export type Rival = {
  bits: number
  caption: string
  end: string
  id: string
}

export type RoleWords = {
  caption: string
  inverse: string
}

export type RouteAnswer = {
  agencies: (CompetentAuthority)[]
  bars: (FactAnswer)[]
  because: (string)[]
  decided_by: (string)[]
  facts_against: (FactAnswer)[]
  facts_for: (FactAnswer)[]
  host: string
  host_decides: (FactAnswer)[]
  instrument: (FactAnswer)[]
  law_holes: (FactAnswer)[]
  missing: (MissingFact)[]
  name: string
  name_zh: string
  person: string
  possible_states: ("open" | "to_examine" | "needs" | "blocked" | "person_initiated_only")[]
  presumed: (PresumedFact)[]
  route: string
  sources: (CitedSource)[]
  stage: RouteStage | null
  state: "open" | "to_examine" | "needs" | "blocked" | "person_initiated_only"
  subject: string
  warnings: (string)[]
}

export type RouteNeeds = {
  commonest: (string)[]
  name: string
  route: string
  sets: number
  shared_by: number
  subject: "person" | "asset"
  waiting: number
}

export type RouteStage = {
  days: string
  documents: (NeededDocument)[]
  lapse: string
  name: string
  next_action: string
  number: number
  of: number
  source: string
  stage: string
}

export type RouteSummary = {
  about: string
  host: string
  missing: number
  name: string
  next_action: string
  stage: string
  state: string
}

export type RoutesAnswer = {
  accusations: (LegalStatement)[]
  assets: (LinkedAsset)[]
  came_off: (LegalStatement)[]
  captions: { [key: string]: string }
  clearances: (LegalStatement)[]
  day: string
  evidence: (ElementEvidence)[]
  harms: (OffenceVictim)[]
  limitations: (LapseDate)[]
  not_understood: (string)[]
  notes: (string)[]
  papers: (Paper)[]
  person: string
  reminders: (string)[]
  requesting: string
  routes: (RouteAnswer)[]
  sought: boolean
  unread: (string)[]
  version: string
}

export type SavedViewAnswer = {
  in_short: SavedViewOut
  view: ViewContent
}

export type SavedViewOut = {
  id: string
  name: string
  nodes: number
  saved: string
}

export type SavedViewRequest = {
  name: string
  view: ViewContent
}

export type SavedViewsAnswer = {
  views: (SavedViewOut)[]
}

export type Score = {
  terms: (ScoreTerm)[]
  total: number
}

export type ScoreTerm = {
  name: string
  part: number
  points: number
}

export type ScreenedTarget = {
  caption: string
  compared: number
  crowded: number
  has_words: boolean
  id: string
  matches: (Match)[]
  type: string
}

export type ScreeningAnswer = {
  entries: number
  notes: (string)[]
  references: { [key: string]: string }
  rejected: number
  targets: (ScreenedTarget)[]
}

export type ScreeningBody = {
  expect?: number
  from?: number
  rows: (ScreeningRow)[]
  seconds?: number
  source?: string
}

export type ScreeningRow = {
  address?: string | (string)[] | null
  alias?: string | (string)[] | null
  birth_date?: string | (string)[] | null
  citizenship?: string | (string)[] | null
  death_date?: string | (string)[] | null
  email?: string | (string)[] | null
  former_name?: string | (string)[] | null
  gender?: string | (string)[] | null
  id_number?: string | (string)[] | null
  lei?: string | (string)[] | null
  name: string | (string)[] | null
  national_number?: string | (string)[] | null
  passport_number?: string | (string)[] | null
  phone?: string | (string)[] | null
  position?: string | (string)[] | null
  registered_in?: string | (string)[] | null
  registration_number?: string | (string)[] | null
  tax_number?: string | (string)[] | null
  type?: "person" | "company"
  weak_alias?: string | (string)[] | null
}

export type SearchRequest = {
  cursor?: string
  fuzzy?: boolean
  jurisdiction?: string
  limit?: number
  q?: string
  types?: (string)[]
}

export type SessionOut = {
  case: string
  has_keys: boolean
  key: string
  may_judge: boolean
  protected: boolean
  purpose: string
  requesting: string
}

export type SessionRequest = {
  case?: string
  key: string
  purpose?: string
}

export type Share = {
  high: number
  low: number
}

export type ShareDispute = {
  held: string
  holder: string
  links: (string)[]
  said: ([string, Share])[]
}

export type ShareExcess = {
  held: string
  interest: string
  links: (string)[]
  owners: number
  percent: number
}

export type SharedNode = {
  asked: (string)[]
  node: string
}

export type Stability = {
  cluster: string
  core: (string)[]
  cut: string
  least_kept: number
  shifts: (StabilityTrial)[]
  tried: number
}

export type StabilityTrial = {
  came: (string)[]
  kept: number
  left: (string)[]
  what: string
}

export type StageOut = {
  by: (string)[]
  stage: string
}

export type StatedAmount = {
  currency: string
  high: string
  low: string
  when: string
}

export type StatusTotal = {
  assets: number
  currency: string
  high: string
  low: string
  state: string
}

export type StatusValue = {
  assets: number
  high: string
  low: string
  not_converted: (string)[]
  status: "held" | "traced" | "restrained" | "final" | "returned"
  without_value: number
}

export type SubgraphAnswer = {
  as_of: string
  day: string
  gone: GoneNodes
  links: (LinkSummary)[]
  links_left_out: number
  moved: { [key: string]: string }
  nodes: { [key: string]: NodeSummary }
  outdated_suggestions: number
  version: string
}

export type SubgraphRequest = {
  as_of?: string
  nodes: (string)[]
  positions?: { [key: string]: [number, number] }
  seconds?: number
}

export type SuggestionOut = {
  band: string
  bits: number
  capped: "" | "name alone" | "contradicted" | "judged distinct" | "judged unsure"
  caption: string
  id: string
  missing: (string)[]
  namesakes_expected: number | null
  other: string
  probability: number
  reasons: (string)[]
  rivals: (Rival)[]
  rules_version: string
  seen_first: string
  seen_last: string
}

export type Tie = {
  id: string
  source_id: string
  target_id: string
  type: string
  via: string
  weight: number
}

export type TieImportance = {
  falls_off: (string)[]
  needed: number
  tie: string
  weight: number
}

export type TimelineAnswer = {
  as_of: string
  entries: (TimelineEntry)[]
  left_out: number
  moved: { [key: string]: string }
  nodes: { [key: string]: NodeSummary }
  undated: number
  version: string
}

export type TimelineEntry = {
  about: string
  event: boolean
  from: string
  grade: string
  handling: string
  link: string
  node: string
  other: string
  property: string
  source: string
  to: string
  type: string
  what: string
}

export type TimelinesRequest = {
  as_of?: string
  limit?: number
  nodes: (string)[]
  seconds?: number
}

export type TracedHolding = {
  account: string
  traced: { [key: string]: MoneyRange }
}

export type TracedPayment = {
  amount: MoneyRange
  first: string
  last: string
  link: string
  payee: string
  payee_account: string
  payer: string
  payer_account: string
  rate: string
  traced: { [key: string]: MoneyRange }
  unordered: boolean
}

export type UnreadValueOut = {
  name: string
  property: string
  source: string
  words: string
}

export type UnresolvedHolding = {
  held: string
  holder: string
  is_held_missing: boolean
  place: string
  share: (string)[]
  source: string
}

export type UnresolvedLinkOut = {
  key: string
  missing: ([string, string])[]
  part: string
  place: string
  present: [[string, string], string] | null
  source: string
  starts_there: boolean
  stated: { [key: string]: (string)[] }
  type: string
}

export type UnresolvedPayment = {
  amounts: (string)[]
  dates: (string)[]
  payee: string
  payer: string
  place: string
  source: string
}

export type UntracedPayment = {
  link: string
  why: string
}

export type ValuationTotal = {
  assets: number
  basis: string
  currency: string
  high: string
  kind: string
  low: string
  of: string
}

export type ViewContent = {
  columns: boolean
  filter: ViewFilter
  format: "kg-view"
  hidden: (string)[]
  language: string
  links: number
  nodes: ([string, number, number, number])[]
  selected: (string)[]
  version: 1
}

export type ViewFilter = {
  day: string
  from: string
  grade: string
  linkTypes: (string)[]
  nodeTypes: (string)[]
  to: string
}

export type WorkBudget = {
  days: number
  per_asset: number
  per_person: number
}

export type WrittenAlike = {
  id: string
  name: string
  type: string
}

export type WrittenSoOut = {
  bits: number
  entity: EntityOut
  name: string
  reasons: (string)[]
}
