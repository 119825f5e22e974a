// Say that the graph is being brought up to date, and by whom; whoever was at it before is so no longer.
MERGE (g:KgGraph {id: 'graph'})
SET g += $stamp, g.state = 'syncing', g.writer = $writer, g.token = ''
