// Measures that may lapse
// Answers: Which freezes and seizures have stood longest without becoming final, being lifted or returned?
// $day (date): The day from which time is counted.
// $kinds (texts, default): Kinds of measure that do not last.
// $most (integer, default): Most rows.
// Limit: no source says when a measure lapses, so the oldest come first; rows after the first $most are left
//   out.
:param day => date('2014-12-05');
:param kinds => ['freeze', 'seizure'];
:param most => 50;
MATCH path = (m:Measure)-[:TARGETS]->(a:Asset)
WHERE m.kind IN $kinds AND (m.final_on_first IS NULL OR m.final_on_first > $day)
  AND (m.lifted_on_first IS NULL OR m.lifted_on_first > $day) AND (m.returned_on_first IS NULL OR m.returned_on_first > $day)
  AND (m.expires_on_first IS NULL OR m.expires_on_first > $day)
  AND coalesce(m.ordered_on_first, m.sought_on_first) <= $day
RETURN m.caption AS measure, m.kind AS kind, toString(coalesce(m.ordered_on_first, m.sought_on_first)) AS since,
  duration.inDays(coalesce(m.ordered_on_first, m.sought_on_first), $day).days AS days, m.executed_on_first IS NULL AS not_carried_out,
  toString(m.appealed_on_first) AS appealed, a.caption AS asset, m.sources AS sources, path
ORDER BY days DESC, measure, m.id, a.id
LIMIT $most;
