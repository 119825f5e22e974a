// Holdings of a party, down to the assets
// Answers: What does this party own, directly and through others, down to the assets?
// $party (node): The person, enterprise or arrangement.
// $most (integer, default): Most rows.
// Limit: eight layers; rows after the first $most are left out.
:param party => 'ip6nbblfhwgy6drkmr4mazx5rp';
:param most => 100;
MATCH path = (p:Party {id: $party})-[:OWNS*1..8]->(a:Asset)
RETURN a.caption AS holding, a.kg_type AS kind, length(path) AS layers, [r IN relationships(path) | r.share_low] AS shares_low, path
ORDER BY layers, holding, [r IN relationships(path) | r.id]
LIMIT $most;
