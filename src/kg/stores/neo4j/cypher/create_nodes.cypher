// Create nodes, or make nodes that people created part of the graph.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:LABELS, n += row.p
