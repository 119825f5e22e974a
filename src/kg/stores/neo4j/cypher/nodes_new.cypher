// Nodes that were not there, or of which nothing of ours was.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:LABELS, n += row.p
