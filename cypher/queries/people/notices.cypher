// Warrants, notices and lists that name a person
// Answers: Which warrants, notices and list entries name this person, since when, and what became of each?
// $person (node): The person.
:param person => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
MATCH path = (p:Person {id: $person})-[:SOUGHT_UNDER]->(s:Sought)
OPTIONAL MATCH (s)-[:ISSUED_BY]->(by:Agency|Jurisdiction)
RETURN s.caption AS paper, coalesce(by.caption, s.issuer) AS issued_by, toString(s.issued_on_first) AS issued_from,
  toString(s.ended_on_last) AS ended_by, s.end_reason AS end_reason, s.sources AS sources, path
ORDER BY issued_from, paper, issued_by, s.id;
