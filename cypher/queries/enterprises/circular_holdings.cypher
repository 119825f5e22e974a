// Enterprises that own themselves through others
// Answers: Which enterprises own each other in a circle?
// $most (integer, default): Most rows.
// Limit: circles of two to five enterprises; rows after the first $most are left out.
:param most => 100;
MATCH path = (e:Enterprise)-[:OWNS*2..5]->(e)
WHERE all(n IN nodes(path) WHERE e.id <= n.id)
RETURN [n IN nodes(path) | n.caption] AS circle, length(path) AS length, [r IN relationships(path) | r.share_low] AS shares_low, path
ORDER BY length, [r IN relationships(path) | r.id]
LIMIT $most;
