// Agreements that bind two jurisdictions on a day
// Answers: Which treaties and conventions may have bound these two on that day, and what do sources say there is
//   not?
// $one (text): Code of one jurisdiction.
// $other (text): Code of the other.
// $day (date): The day.
// Limit: an agreement without a date of entry into force is shown, since it may have been in force.
:param one => 'CN';
:param other => 'US';
:param day => date('2014-12-05');
MATCH (a:Jurisdiction {code: $one})
CALL (a) {
  MATCH (a)-[ba:BOUND_BY]->(g:Agreement)<-[bb:BOUND_BY]-(b:Jurisdiction {code: $other})
  WHERE all(d IN [g.in_force_from_first, ba.in_force_from_first, bb.in_force_from_first] WHERE d IS NULL OR d <= $day)
    AND (g.terminated_on_last IS NULL OR g.terminated_on_last > $day)
    AND (g.suspended_from_last IS NULL OR g.suspended_from_last > $day)
  RETURN g.kind AS about, g.caption AS agreement, toString(g.in_force_from_first) AS in_force_from, g.status AS status,
    toString(g.status_as_of_last) AS status_as_of, g.sources AS sources, g.id AS id
  UNION ALL
  MATCH (a)-[n:NO_AGREEMENT_WITH]-(b:Jurisdiction {code: $other})
  RETURN n.kind AS about, 'no agreement known' AS agreement, null AS in_force_from, n.status AS status,
    toString(n.status_as_of_last) AS status_as_of, n.sources AS sources, n.id AS id
}
RETURN about, agreement, in_force_from, status, status_as_of, sources
ORDER BY about, agreement, in_force_from, id;
