// Assets moved after a person was sought
// Answers: Which assets changed hands within the family after the first warrant, notice or list, and to whom?
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param most => 100;
MATCH (p:Person)-[:SOUGHT_UNDER]->(s:Sought)
WITH p, min(s.issued_on_first) AS since
MATCH (p)-[:FAMILY_OF*0..1]-(giver:Person)
WITH DISTINCT p, since, giver
MATCH (giver)-[o:OWNS]->(a:Asset)
WHERE o.end_date_first >= since
OPTIONAL MATCH (a)<-[n:OWNS]-(taker:Party)
WHERE n.start_date_first >= since AND taker <> giver
RETURN p.caption AS sought, toString(since) AS sought_since, a.caption AS asset, giver.caption AS from, toString(o.end_date_first) AS left_on,
  taker.caption AS to, toString(n.start_date_first) AS taken_on, n.summary AS terms, o.sources AS sources
ORDER BY left_on, sought, asset, o.id, n.id
LIMIT $most;
