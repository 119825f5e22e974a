// must return a row: this writer still synchronises the graph; other writers wait for its transaction.
MATCH (g:KgGraph {id: 'graph', state: 'syncing', writer: $writer}) SET g.batch = coalesce(g.batch, 0) + 1
RETURN g.batch AS batch
