// Make withdrawn nodes that a source describes again part of the graph.
UNWIND $rows AS id
MATCH (n:Withdrawn {id: id})
WHERE NOT EXISTS { MATCH (:Entity {id: id}) }
SET n:Entity REMOVE n:Withdrawn
