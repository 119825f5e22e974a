// Offences that can soon no longer be prosecuted
// Answers: For which offences does the limitation period end first, and who is accused of them?
// $day (date): The day from which time is counted.
// $days (integer, default): How far ahead to look.
// $most (integer, default): Most rows.
// Limit: a month or year counts from its first day, to be early; rows after the first $most are left out.
:param day => date('2014-12-05');
:param days => 365;
:param most => 50;
MATCH (o:Offence)
WHERE o.limitation_date_last >= $day AND o.limitation_date_first <= $day + duration({days: $days})
MATCH (p:Party)-[a:ACCUSED_OF]->(o)
RETURN toString(o.limitation_date_first) AS may_end_on, toString(o.limitation_date_last) AS ends_by, o.caption AS offence, o.law_of AS law_of,
  p.caption AS accused, a.stage AS stage, a.said_by AS said_by, a.sources AS sources
ORDER BY may_end_on, accused, o.id, a.id
LIMIT $most;
