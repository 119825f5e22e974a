// Where a person may have been on a day
// Answers: In which jurisdictions may this person have been on that day, how does each source know, and who says so?
// $person (node): The person.
// $day (date): The day.
// Limit: a claim without dates is shown, since it may hold on any day; so is a sighting, however long ago.
:param person => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
:param day => date('2014-12-05');
MATCH (p:Person {id: $person})-[at:PRESENT_IN]->(j:Jurisdiction)
WHERE all(d IN [at.start_date_first, at.date_first] WHERE d IS NULL OR d <= $day)
  AND (at.end_date_last IS NULL OR at.end_date_last >= $day)
RETURN j.code AS code, j.caption AS jurisdiction, at.how AS how, toString(at.start_date_first) AS since,
  toString(at.date_last) AS seen_by, at.sources AS sources
ORDER BY how, code, since, at.id;
