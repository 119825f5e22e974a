// must answer: whether it is still this writer who brings the graph up to date; others wait until it is done.
MATCH (g:KgGraph {id: 'graph', state: 'syncing', writer: $writer}) SET g.batch = coalesce(g.batch, 0) + 1
RETURN g.batch AS batch
