// Mark the graph as being synchronised by this writer; an earlier writer loses its right to write.
MERGE (g:KgGraph {id: 'graph'})
SET g += $stamp, g.state = 'syncing', g.writer = $writer, g.token = ''
