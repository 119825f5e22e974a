// Assets in a jurisdiction
// Answers: Which assets, other than enterprises, are located or registered there, and who owns each?
// $jurisdiction (text): Code of the jurisdiction, such as US.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param jurisdiction => 'US';
:param most => 25;
MATCH (j:Jurisdiction {code: $jurisdiction})<-[:LOCATED_IN|REGISTERED_IN]-(a:Asset)
WHERE NOT a:Enterprise
WITH DISTINCT a
OPTIONAL MATCH (a)<-[o:OWNS]-(owner:Party)
WITH a, owner ORDER BY owner.id
RETURN a AS asset, collect(DISTINCT owner.caption) AS held_by, a.valuation_low_minor AS value_low_minor,
  a.valuation_high_minor AS value_high_minor, a.valuation_currency AS currency, a.sources AS sources
ORDER BY a.caption, a.id
LIMIT $most;
