// Requests to a jurisdiction and what became of them
// Answers: Which requests were sent there, what were they answered, and on which ground were they refused?
// $jurisdiction (text): Code of the jurisdiction asked, such as US.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param jurisdiction => 'US';
:param most => 100;
MATCH (r:Request)
WHERE $jurisdiction IN coalesce(r.sent_to_all, [r.sent_to])
OPTIONAL MATCH (r)-[:TARGETS]->(t:Party|Asset)
WITH r, t ORDER BY t.id
WITH r, collect(DISTINCT t.caption) AS about
RETURN r.caption AS request, r.kind AS kind, toString(r.sent_on_first) AS sent, r.answer AS answer, toString(r.answered_on_first) AS answered,
  r.ground AS ground, about, r.sources AS sources
ORDER BY sent, request, r.id
LIMIT $most;
