// Who controlled what when the offence was committed
// Answers: While the offence is said to have been committed, what may this person or a relative have held,
//   directed or been employed by?
// $person (node): The person.
// $most (integer, default): Most rows.
// Limit: a link without dates may have held then; rows after the first $most are left out.
:param person => 'crpmbhd762pu3hflwfktcbme6t';
:param most => 100;
MATCH (p:Person {id: $person})-[acc:ACCUSED_OF]->(o:Offence)
MATCH (p)-[:FAMILY_OF*0..1]-(who:Person)
WITH DISTINCT o, acc, who
MATCH path = (who)-[r:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|SETTLED|BENEFITS_FROM|HELD_POST_AT]->(x:Entity)
WHERE (r.start_date_first IS NULL OR o.committed_to_last IS NULL OR r.start_date_first <= o.committed_to_last)
  AND (r.end_date_last IS NULL OR o.committed_from_first IS NULL OR r.end_date_last >= o.committed_from_first)
RETURN o.caption AS offence, acc.stage AS stage, acc.said_by AS said_by, who.caption AS who, type(r) AS how, x.caption AS what,
  toString(r.start_date_first) AS from_earliest, toString(r.end_date_last) AS to_latest, r.sources AS sources, path
ORDER BY offence, from_earliest, who, how, what, r.id, acc.id
LIMIT $most;
