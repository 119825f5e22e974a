// Shortest paths on a day
// Answers: How may these two have been connected on that day?
// $from (node): Where the path begins.
// $to (node): Where it ends.
// $day (date): The day on which every link may have held.
// $most (integer, default): Most rows.
// Limit: six links; places, citizenship and agreements are not walked; a link without dates may have held on any
//   day; rows after the first $most are left out.
:param from => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
:param to => 'fpwobz5gxsvvepfgo2ev2xmiuq';
:param day => date('2005-06-30');
:param most => 10;
MATCH (a:Entity {id: $from})
MATCH (b:Entity {id: $to})
CALL (a, b) {
  MATCH path = (a) WHERE a = b
  RETURN path
  UNION ALL
  MATCH path = allShortestPaths((a)-[:OWNS|CONTROLS|DIRECTS|MANAGES|SIGNS_FOR|TRUSTEE_OF|SETTLED|PROTECTS
      |BENEFITS_FROM|HOLDS_INDIRECTLY|FAMILY_OF|ASSOCIATED_WITH|PAID|ENCUMBERS*..6]-(b))
  WHERE a <> b AND all(r IN relationships(path) WHERE (r.start_date_first IS NULL OR r.start_date_first <= $day)
    AND (r.end_date_last IS NULL OR r.end_date_last >= $day))
  RETURN path
}
RETURN length(path) AS hops, [n IN nodes(path) | n.caption] AS through, [r IN relationships(path) | type(r)] AS by, path
ORDER BY hops, [r IN relationships(path) | r.id]
LIMIT $most;
