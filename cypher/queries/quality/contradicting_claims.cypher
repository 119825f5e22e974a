// Claims that contradict
// Answers: On which people, enterprises and holdings do sources say different things?
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param most => 50;
CALL () {
  MATCH (p:Person) WHERE size(p.birth_date_all) > 1
  RETURN p.caption AS about, 'birth_date' AS property, p.birth_date_all AS values, p.sources AS sources, p.id AS id
  UNION ALL
  MATCH (e:Enterprise) WHERE size(e.registration_number_all) > 1
  RETURN e.caption AS about, 'registration_number' AS property, e.registration_number_all AS values, e.sources AS sources, e.id AS id
  UNION ALL
  MATCH (p:Party)-[o:OWNS]->(a:Asset) WHERE size(o.share_all) > 1
  RETURN p.caption + ' owns ' + a.caption AS about, 'share' AS property, o.share_all AS values, o.sources AS sources, o.id AS id
  UNION ALL
  MATCH (a:Asset)<-[o:OWNS]-(:Party) WHERE NOT a:Enterprise AND o.end_date_last IS NULL AND coalesce(o.interest, '') <> 'legal'
    AND coalesce(o.role, '') <> 'custodian'
  WITH a, sum(o.share_low) AS total, collect(DISTINCT o.id) AS links
  WHERE total > 100.5
  RETURN a.caption AS about, 'shares of all owners' AS property, [toString(total)] AS values, a.sources AS sources, a.id AS id
}
RETURN about, property, values, sources
ORDER BY property, about, id
LIMIT $most;
