// Shortest paths by chosen kinds of link
// Answers: How are these two connected through the link types that I name?
// $from (node): Where the path begins.
// $to (node): Where it ends.
// $kinds (texts): Link types to walk.
// $most (integer, default): Most rows.
// Limit: six links; places, citizenship and agreements are not walked; rows after the first $most are left out.
:param from => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
:param to => 'fpwobz5gxsvvepfgo2ev2xmiuq';
:param kinds => ['OWNS', 'SETTLED', 'BENEFITS_FROM', 'FAMILY_OF'];
:param most => 10;
MATCH (a:Entity {id: $from})
MATCH (b:Entity {id: $to})
CALL (a, b) {
  MATCH path = (a) WHERE a = b
  RETURN path
  UNION ALL
  MATCH path = allShortestPaths((a)-[:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|SETTLED|PROTECTS
      |BENEFITS_FROM|HOLDS_INDIRECTLY|FAMILY_OF|ASSOCIATED_WITH|PAID|ENCUMBERS*..6]-(b))
  WHERE a <> b AND all(r IN relationships(path) WHERE type(r) IN $kinds)
  RETURN path
}
RETURN length(path) AS hops, [n IN nodes(path) | n.caption] AS through, [r IN relationships(path) | type(r)] AS by, path
ORDER BY hops, [r IN relationships(path) | r.id]
LIMIT $most;
