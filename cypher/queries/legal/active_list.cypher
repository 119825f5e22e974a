// People on the active list of a jurisdiction on a day
// Answers: Who was wanted by this jurisdiction on that day, under how many warrants, notices and list entries?
// $jurisdiction (text): Code of the jurisdiction whose agencies issued the papers.
// $day (date): The day.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out. A paper without a day of issue counts as issued. Papers whose
//   issuer no source names, and papers that may have ended by that day, are not counted. What an issuer says about
//   the offence is not considered; kg routes considers it.
:param jurisdiction => 'CN';
:param day => date('2014-12-05');
:param most => 25;
MATCH (j:Jurisdiction {code: $jurisdiction})<-[:AGENCY_OF*0..2]-(by)<-[:ISSUED_BY]-(s:Sought)<-[k:SOUGHT_UNDER]-(p:Person)
WHERE (s.issued_on_first IS NULL OR s.issued_on_first <= $day) AND (s.ended_on_first IS NULL OR s.ended_on_first > $day)
  AND (s.ended_on_first IS NOT NULL OR (s.end_reason IS NULL AND NOT 'deleted' IN coalesce(s.review_all, [coalesce(s.review, '')])))
  AND (k.end_date_first IS NULL OR k.end_date_first > $day)
WITH DISTINCT p, s
RETURN p AS person, count(CASE WHEN s:Warrant THEN s END) AS warrants, count(CASE WHEN s:Notice THEN s END) AS notices,
  count(CASE WHEN s:ListEntry THEN s END) AS list_entries, toString(min(s.issued_on_first)) AS first_issued,
  p.sources AS sources
ORDER BY warrants DESC, notices DESC, list_entries DESC, p.caption, p.id
LIMIT $most;
