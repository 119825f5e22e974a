// Nodes without links
// Answers: Which nodes are linked to nothing, by type?
// $shown (integer, default): Most examples of a type.
// Limit: it looks at every node of the graph.
:param shown => 5;
MATCH (n:Entity)
WHERE NOT EXISTS { (n)--() }
WITH n.kg_type AS type, n ORDER BY n.caption, n.id
RETURN type, count(n) AS nodes, collect(n.caption)[0..$shown] AS examples
ORDER BY nodes DESC, type;
