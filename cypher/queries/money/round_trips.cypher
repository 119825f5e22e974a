// Money that comes back to who sent it
// Answers: Whose money left one of their accounts and came back to them, through how many payments?
// $most (integer, default): Most rows.
// Limit: two to four payments, none of a negative amount, each no earlier than the one before; rows after the first $most are left out.
:param most => 25;
MATCH (owner:Party)-[:OWNS|SIGNS_FOR|BENEFITS_FROM*0..1]->(account:Party|BankAccount|CryptoWallet)
WITH DISTINCT owner, account WHERE EXISTS { (account)-[:PAID]->() }
MATCH path = (account)-[:PAID*2..4]->(goal:Party|BankAccount|CryptoWallet)
WHERE (account = goal OR goal = owner OR EXISTS { (owner)-[:OWNS|SIGNS_FOR]->(goal) })
  AND all(m IN relationships(path) WHERE coalesce(m.amount_minor, 0) >= 0)
  AND all(i IN range(1, length(path) - 1) WHERE relationships(path)[i - 1].date_first <= relationships(path)[i].date_last)
RETURN owner.caption AS whose, [n IN nodes(path) | n.caption] AS through, [r IN relationships(path) | r.amount] AS amounts,
  [r IN relationships(path) | toString(r.date_first)] AS days, path
ORDER BY length(path), whose, [r IN relationships(path) | r.id], owner.id
LIMIT $most;
