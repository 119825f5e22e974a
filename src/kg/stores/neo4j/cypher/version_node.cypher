// The version node: which graph this is, and whether it is complete.
MATCH (g:KgGraph {id: 'graph'}) RETURN properties(g) AS graph
