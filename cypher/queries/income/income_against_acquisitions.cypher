// Lawful income against what was acquired
// Answers: What did this person and the family acquire, for how much, and which income and posts stand against
//   it?
// $person (node): The person.
// $purposes (texts, default): Purposes of payments that are income.
// Limit: four steps from a person. Where no bank record was loaded, there is no income to see: an empty list is
//   not a finding.
:param person => 'crpmbhd762pu3hflwfktcbme6t';
:param purposes => ['salary', 'wages', 'pension', 'dividend', 'bonus'];
MATCH (p:Person {id: $person})
OPTIONAL MATCH (p)-[h:HELD_POST_AT]->(e:Enterprise|Agency|Post)
WITH p, h, e ORDER BY h.start_date_first, h.id
WITH p, collect(h.post + ', ' + e.caption) AS posts
OPTIONAL MATCH (p)-[:OWNS*0..1]->(to:Party|BankAccount)<-[m:PAID]-()
WHERE m.purpose IN $purposes
WITH p, posts, m ORDER BY m.date_first, m.id
WITH p, posts, collect(DISTINCT m.amount) AS income
MATCH (p)-[:FAMILY_OF*0..1]-(who:Person)
WITH DISTINCT posts, income, who
MATCH path = (who)-[:OWNS|SETTLED|BENEFITS_FROM*1..4]->(a:Asset)
WHERE NOT a:Enterprise AND NOT a:BankAccount
WITH posts, income, a, who, path ORDER BY length(path), who.id, [r IN relationships(path) | r.id]
WITH posts, income, a, collect(path)[0] AS path
RETURN toString(a.acquired_on_first) AS acquired, a.caption AS asset, nodes(path)[0].caption AS held_from, length(path) AS steps,
  [v IN coalesce(a.valuation_all, [a.valuation]) WHERE v STARTS WITH 'purchase'] AS price, income, posts, a.sources AS sources
ORDER BY acquired, asset, a.id;
