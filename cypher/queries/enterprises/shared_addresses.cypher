// Addresses that enterprises share with this one
// Answers: Which enterprises have the same address as this one, and how many share it in all?
// $enterprise (node): The enterprise.
// $crowd (integer, default): Addresses of more parties than this are those of registered agents, and left out.
// $most (integer, default): Most rows.
// Limit: addresses of more than $crowd parties are left out; rows after the first $most are left out.
:param enterprise => '2da7wwbppqzo4rgwglpetozvc2';
:param crowd => 100;
:param most => 25;
MATCH (e:Enterprise {id: $enterprise})-[:HAS_ADDRESS]->(a:Address)
WITH DISTINCT e, a, COUNT { (a)<-[:HAS_ADDRESS]-() } AS crowd
WHERE crowd <= $crowd
MATCH (a)<-[h:HAS_ADDRESS]-(other:Party)
WHERE other <> e
RETURN a.caption AS address, crowd, other AS party, h.sources AS sources
ORDER BY crowd, address, other.caption, other.id, h.id
LIMIT $most;
