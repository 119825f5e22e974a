// The family of a person
// Answers: Who are the relatives of this person, and what does each own in their own name?
// $person (node): The person.
:param person => 'crpmbhd762pu3hflwfktcbme6t';
MATCH path = (p:Person {id: $person})-[f:FAMILY_OF]-(r:Person)
OPTIONAL MATCH (r)-[:OWNS]->(a:Asset)
WITH path, f, r, a ORDER BY a.id
WITH path, f, r, collect(DISTINCT a.caption) AS owns
RETURN r.caption AS relative, f.relation AS relation, startNode(f).caption AS said_of, toString(f.end_date_last) AS ended_by,
  owns, f.sources AS sources, path
ORDER BY relative, r.id, f.id;
