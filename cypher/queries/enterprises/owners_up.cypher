// Owners of an enterprise, up to the top
// Answers: Who owns this enterprise through how many layers, and what share does each layer hold?
// $enterprise (node): The enterprise.
// $most (integer, default): Most rows.
// Limit: eight layers; rows after the first $most are left out.
:param enterprise => 'dt44diy6jsudbu3p3e2tyffoac';
:param most => 100;
MATCH path = (owner:Party)-[:OWNS*1..8]->(e:Enterprise {id: $enterprise})
RETURN owner.caption AS owner, length(path) AS layers, [r IN relationships(path) | r.share_low] AS shares_low,
  [r IN relationships(path) | r.share_high] AS shares_high, NOT EXISTS { (:Party)-[:OWNS]->(owner) } AS top, path
ORDER BY layers, owner, [r IN relationships(path) | r.id]
LIMIT $most;
