// Layers of companies between a person and an asset
// Answers: Which wanted people or their relatives hold an asset through at least so many layers?
// $layers (integer, default): Fewest companies and arrangements in between.
// $most (integer, default): Most rows.
// Limit: seven links; rows after the first $most are left out.
:param layers => 3;
:param most => 25;
MATCH (a:Asset) WHERE NOT a:Enterprise
MATCH path = (p:Person)-[:OWNS|SETTLED|BENEFITS_FROM|CONTROLS*2..7]->(a)
WHERE length(path) > $layers AND (p:Fugitive OR EXISTS { (p)-[:FAMILY_OF]-(:Fugitive) })
RETURN p.caption AS person, a.caption AS asset, length(path) - 1 AS layers, [n IN nodes(path)[1..-1] | n.caption] AS through, path
ORDER BY layers DESC, person, asset, [r IN relationships(path) | r.id]
LIMIT $most;
