// Sought people whom one source alone knows
// Answers: Which wanted people are known from a single source?
// $most (integer, default): Most rows.
// Limit: one source may also be many that copy one; rows after the first $most are left out.
:param most => 25;
MATCH (p:Fugitive)
WHERE size(p.sources) = 1
RETURN p.caption AS person, p.sources[0] AS source, COUNT { (p)--() } AS links, p.id AS id
ORDER BY links, person, id
LIMIT $most;
