// Associates of a person
// Answers: Who is associated with this person: colleagues, partners, and members of the same boards?
// $person (node): The person.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param person => 'crpmbhd762pu3hflwfktcbme6t';
:param most => 100;
MATCH (p:Person {id: $person})
CALL (p) {
  MATCH (p)-[a:ASSOCIATED_WITH]-(other:Party)
  RETURN other, a.relation AS how, '' AS where_, a.sources AS sources
  UNION
  MATCH (p)-[:OWNS|DIRECTS|SETTLED|BENEFITS_FROM]->(e:Enterprise|Arrangement)<-[r:OWNS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|PROTECTS]-(other:Party)
  WHERE other <> p
  RETURN other, type(r) AS how, e.caption AS where_, r.sources AS sources
}
RETURN other AS associate, how, where_ AS through, sources
ORDER BY other.caption, other.id, how, through
LIMIT $most;
