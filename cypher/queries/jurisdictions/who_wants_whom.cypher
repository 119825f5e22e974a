// Who wants whom
// Answers: How many people does each agency and jurisdiction want, under warrants, notices and list entries
//   in force, and where are they reported to be?
// $day (date): The day the papers are to be in force.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param day => date('2014-12-05');
:param most => 50;
MATCH (p:Fugitive)-[:SOUGHT_UNDER]->(s:Sought)-[:ISSUED_BY]->(by:Agency|Jurisdiction)
WHERE (s.issued_on_first IS NULL OR s.issued_on_first <= $day) AND (s.ended_on_first IS NULL OR s.ended_on_first > $day)
WITH by, s.kg_type AS kind, p
OPTIONAL MATCH (p)-[:PRESENT_IN]->(j:Jurisdiction)
WITH by, kind, p, j ORDER BY j.code
RETURN by.caption AS issued_by, kind, count(DISTINCT p) AS people, collect(DISTINCT j.code) AS said_to_be_in
ORDER BY people DESC, issued_by, kind
LIMIT $most;
