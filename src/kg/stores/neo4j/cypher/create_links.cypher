// Create links.
UNWIND $rows AS row
MATCH (a:Entity {id: row.tail}) MATCH (b:Entity {id: row.head})
MERGE (a)-[r:TYPE {id: row.id}]->(b)
SET r += row.p
