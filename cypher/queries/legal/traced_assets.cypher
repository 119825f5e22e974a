// Assets in a jurisdiction that are said to come from an offence
// Answers: Which assets there does a source trace to an offence that somebody is accused of, and what was done about each?
// $host (text): Code of the jurisdiction where the assets are.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param host => 'US';
:param most => 25;
MATCH (j:Jurisdiction {code: $host})<-[:LOCATED_IN|REGISTERED_IN]-(a:Asset)-[traced:PROCEEDS_OF]->(o:Offence)
MATCH (o)<-[said:ACCUSED_OF]-(p:Person)
WITH DISTINCT a, traced, o, said, p
OPTIONAL MATCH (a)<-[:TARGETS]-(m:Measure)
WITH a, traced, o, said, p, m ORDER BY m.id
WITH a, traced, o, said, p, collect(DISTINCT m.caption) AS measures
RETURN a AS asset, p AS person, o.caption AS offence, o.convention_article AS article, said.stage AS stage,
  said.said_by AS said_by, traced.tracing AS tracing, measures, traced.sources AS sources
ORDER BY a.caption, a.id, p.caption, p.id, o.id
LIMIT $most;
