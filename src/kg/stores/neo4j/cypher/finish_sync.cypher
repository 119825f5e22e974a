// Say that the graph is complete.
MATCH (g:KgGraph {id: 'graph', state: 'syncing', writer: $writer})
SET g += $stamp, g.state = 'complete', g.token = $token
REMOVE g.writer, g.batch
