// Which graph is this, and is it complete?
MATCH (g:KgGraph {id: 'graph'}) RETURN properties(g) AS graph
