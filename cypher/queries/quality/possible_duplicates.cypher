// Nodes that may be one
// Answers: Which nodes may be the same thing under two ids, and why?
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out. Suggestions have a probability, the others share an identifier.
:param most => 50;
MATCH path = (a:Entity)-[s:POSSIBLY_SAME_AS]->(b:Entity)
RETURN a.caption AS one, b.caption AS other, a.kg_type AS type, s.reason AS reason, s.shared AS shared,
  s.probability AS probability, coalesce(s.sources, []) AS sources, path
ORDER BY type, one, other, s.id
LIMIT $most;
