// A person in one row
// Answers: Who is this person, what do sources say of them, and is anybody looking for them?
// $person (node): The person.
:param person => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
MATCH (p:Person {id: $person})
OPTIONAL MATCH (p)-[:SOUGHT_UNDER]->(s:Sought)
WITH p, count(s) AS papers
OPTIONAL MATCH (p)-[:CITIZEN_OF]->(j:Jurisdiction)
WITH p, papers, j ORDER BY j.code
WITH p, papers, collect(DISTINCT j.code) AS citizen_of
OPTIONAL MATCH (p)-[:PRESENT_IN]->(w:Jurisdiction)
WITH p, papers, citizen_of, w ORDER BY w.code
RETURN p AS person, p:Fugitive AS sought, papers, coalesce(p.birth_date_all, [coalesce(p.birth_date_text, toString(p.birth_date))]) AS born,
  p.birth_place AS birth_place, toString(p.death_date_first) AS died_from, coalesce(p.position_all, [p.position]) AS positions,
  citizen_of, collect(DISTINCT w.code) AS said_to_be_in, p.sources AS sources
ORDER BY p.id;
