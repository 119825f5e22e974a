// Money that went out
// Answers: Whom did this party, or an account it owns or signs for, pay, how much, when, and for which
//   stated purpose?
// $party (node): The person, enterprise, account or wallet.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param party => 'to3zadfulfq4u7ski67unamwl4';
:param most => 100;
MATCH (p:Entity {id: $party})-[:OWNS|SIGNS_FOR*0..1]->(from:Party|BankAccount|CryptoWallet)
WITH DISTINCT from
MATCH path = (from)-[m:PAID]->(to:Party|BankAccount|CryptoWallet)
RETURN toString(m.date_first) AS day, from.caption AS from, to.caption AS to, m.amount AS amount, m.purpose AS purpose, m.sources AS sources, path
ORDER BY day, m.id
LIMIT $most;
