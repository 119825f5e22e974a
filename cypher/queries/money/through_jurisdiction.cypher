// Money through accounts in a jurisdiction
// Answers: Which money came into accounts there and went on to another jurisdiction?
// $jurisdiction (text): Code of the jurisdiction, such as HK.
// $days (integer, default): Most days between coming and going.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param jurisdiction => 'HK';
:param days => 90;
:param most => 25;
MATCH (j:Jurisdiction {code: $jurisdiction})<-[:LOCATED_IN|REGISTERED_IN]-(a:BankAccount|Enterprise|CryptoWallet)
WITH DISTINCT a
MATCH path = (from:Party|BankAccount|CryptoWallet)-[i:PAID]->(a)-[o:PAID]->(to:Party|BankAccount|CryptoWallet)
WHERE i.date_first <= o.date_last AND duration.inDays(i.date_first, o.date_first).days <= $days
OPTIONAL MATCH (to)-[:LOCATED_IN|REGISTERED_IN]->(k:Jurisdiction)
WITH from, i, a, o, to, path, k ORDER BY k.code
WITH from, i, a, o, to, path, collect(DISTINCT k.code) AS on_to
WHERE NOT $jurisdiction IN on_to
RETURN toString(i.date_first) AS came, i.amount AS amount_in, from.caption AS from, a.caption AS through, toString(o.date_first) AS went,
  o.amount AS amount_out, to.caption AS to, on_to, path
ORDER BY came, went, i.id, o.id
LIMIT $most;
