// Claims that contradict
// Answers: On which nodes and links do sources say what cannot all be true?
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out. Shares are compared of things with at most 1,000 links of holders.
:param most => 50;
CALL () {
  MATCH (n:Entity) WHERE n.contradictions IS NOT NULL
  RETURN n.caption AS about, n.contradictions AS contradictions, n.sources AS sources, n.id AS id
  UNION ALL
  MATCH (a:Entity)-[r]->(b:Entity) WHERE r.contradictions IS NOT NULL
  RETURN a.caption + ' ' + type(r) + ' ' + b.caption AS about, r.contradictions AS contradictions, r.sources AS sources, r.id AS id
}
RETURN about, contradictions, coalesce(sources, []) AS sources, id
ORDER BY about, id
LIMIT $most;
