// Shortest paths around hubs
// Answers: How are these two connected without passing through hubs, which very many others are linked to?
// $from (node): Where the path begins.
// $to (node): Where it ends.
// $busy (integer, default): Most links of a node on the way.
// $most (integer, default): Most rows.
// Limit: six links; places, citizenship and agreements are not walked; nodes with more than $busy links are
//   not passed; rows after the first $most are left out.
:param from => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
:param to => 'fpwobz5gxsvvepfgo2ev2xmiuq';
:param busy => 20;
:param most => 10;
MATCH (a:Entity {id: $from})
MATCH (b:Entity {id: $to})
CALL (a, b) {
  MATCH path = (a) WHERE a = b
  RETURN path
  UNION ALL
  MATCH path = allShortestPaths((a)-[:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|SETTLED|PROTECTS
      |BENEFITS_FROM|HOLDS_INDIRECTLY|FAMILY_OF|ASSOCIATED_WITH|PAID|ENCUMBERS*..6]-(b))
  WHERE a <> b AND all(n IN nodes(path) WHERE n.id IN [$from, $to] OR COUNT { (n)--() } <= $busy)
  RETURN path
}
RETURN length(path) AS hops, [n IN nodes(path) | n.caption] AS through, [r IN relationships(path) | type(r)] AS by, path
ORDER BY hops, [r IN relationships(path) | r.id]
LIMIT $most;
