// The k shortest paths between two nodes
// Answers: How are these two connected by the shortest path, and by which a little longer?
// $from (node): Where the path begins.
// $to (node): Where it ends.
// $k (integer, default): How many paths.
// Limit: six links; places, citizenship and agreements are not walked; paths of the two smallest lengths there
//   are, the first $k of them: groups, so that paths of one length are not left to chance. Far ends may take
//   seconds.
:param from => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
:param to => 'fpwobz5gxsvvepfgo2ev2xmiuq';
:param k => 5;
MATCH (a:Entity {id: $from})
MATCH (b:Entity {id: $to})
CALL (a, b) {
  MATCH path = (a) WHERE a = b
  RETURN path
  UNION ALL
  MATCH path = SHORTEST 2 GROUPS (a)-[:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|SETTLED|PROTECTS
      |BENEFITS_FROM|HOLDS_INDIRECTLY|FAMILY_OF|ASSOCIATED_WITH|PAID|ENCUMBERS]-{1,6}(b)
  WHERE a <> b
  RETURN path
}
RETURN length(path) AS hops, [n IN nodes(path) | n.caption] AS through, [r IN relationships(path) | type(r)] AS by, path
ORDER BY hops, [r IN relationships(path) | r.id]
LIMIT $k;
