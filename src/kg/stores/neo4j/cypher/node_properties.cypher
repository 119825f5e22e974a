// All labels and properties of some nodes.
UNWIND $rows AS id
MATCH (n:Entity {id: id}) RETURN n.id AS id, labels(n) AS labels, properties(n) AS p
