// Posts that a person held
// Answers: Which posts did this person hold, from when to when, and is the body owned by a state?
// $person (node): The person.
:param person => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
MATCH (p:Person {id: $person})-[h:HELD_POST_AT]->(e:Enterprise|Agency|Post)
RETURN h.post AS post, e.caption AS at, e.state_owned AS state_owned, toString(h.start_date_first) AS from_earliest,
  toString(h.end_date_last) AS to_latest, h.sources AS sources
ORDER BY from_earliest, at, h.id;
