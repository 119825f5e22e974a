// Assets of a person and the family
// Answers: Which assets can be reached from this person or a relative through holdings and roles, and in how
//   many steps?
// $person (node): The person.
// $most (integer, default): Most rows.
// Limit: five steps from a person; rows after the first $most are left out.
:param person => 'crpmbhd762pu3hflwfktcbme6t';
:param most => 100;
MATCH (p:Person {id: $person})-[:FAMILY_OF*0..1]-(who:Person)
WITH DISTINCT who
MATCH path = (who)-[:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|SETTLED|PROTECTS|BENEFITS_FROM|HOLDS_INDIRECTLY*1..5]->(a:Asset)
WHERE NOT a:Enterprise
WITH a, who, path ORDER BY length(path), who.id, [r IN relationships(path) | r.id]
WITH a, collect(path)[0] AS path
RETURN a.caption AS asset, nodes(path)[0].caption AS from, length(path) AS steps, a.valuation AS valuation, a.sources AS sources, path
ORDER BY steps, asset, a.id
LIMIT $most;
