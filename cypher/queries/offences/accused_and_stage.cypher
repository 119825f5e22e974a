// Accusations and how far each has gone
// Answers: Who is alleged to have done what, who says so, and has anybody been convicted or cleared?
// $stages (texts, default): Stages to show.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param stages => ['convicted', 'cleared'];
:param most => 50;
MATCH path = (p:Party)-[a:ACCUSED_OF]->(o:Offence)
WHERE any(s IN coalesce(a.stage_all, [a.stage]) WHERE s IN $stages)
RETURN p.caption AS accused, coalesce(a.stage_all, [a.stage]) AS stages, coalesce(a.said_by_all, [a.said_by]) AS said_by, toString(a.date_first) AS day,
  o.caption AS offence, o.statute AS statute, a.sources AS sources, path
ORDER BY accused, day, a.id
LIMIT $most;
