// Enterprises with directors in common
// Answers: Which enterprises have a director in common with this one, and how many boards does that director sit
//   on?
// $enterprise (node): The enterprise.
// $most (integer, default): Most rows.
// Limit: a director with many boards is a professional: they come last, and rows after the first $most are left
//   out.
:param enterprise => 'to3zadfulfq4u7ski67unamwl4';
:param most => 50;
MATCH (e:Enterprise {id: $enterprise})<-[:DIRECTS]-(d:Party)-[o:DIRECTS]->(other:Enterprise)
WHERE other <> e
RETURN d.caption AS director, COUNT { (d)-[:DIRECTS]->() } AS boards, other AS enterprise, o.sources AS sources
ORDER BY boards, director, other.caption, other.id, o.id
LIMIT $most;
