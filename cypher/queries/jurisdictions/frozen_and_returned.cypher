// Assets frozen, forfeited and returned
// Answers: Which measures stand against which assets, who ordered them, and how far has each gone?
// $jurisdiction (text): Code of the jurisdiction where the asset lies, such as US.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param jurisdiction => 'US';
:param most => 100;
MATCH (j:Jurisdiction {code: $jurisdiction})<-[:LOCATED_IN|REGISTERED_IN]-(a:Asset)
WITH DISTINCT a
MATCH path = (m:Measure)-[:TARGETS]->(a)
OPTIONAL MATCH (m)-[:ORDERED_BY]->(by:Agency|Jurisdiction)
RETURN a.caption AS asset, m.kind AS measure, coalesce(by.caption, m.authority) AS ordered_by, m.amount AS amount, toString(m.ordered_on_first) AS ordered,
  toString(m.executed_on_first) AS executed, toString(m.final_on_first) AS final, toString(m.lifted_on_first) AS lifted,
  toString(m.returned_on_first) AS returned, m.sources AS sources, path
ORDER BY ordered, asset, m.id, ordered_by
LIMIT $most;
