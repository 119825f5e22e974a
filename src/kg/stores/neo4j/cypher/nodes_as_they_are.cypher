// Everything that some nodes have.
UNWIND $rows AS id
MATCH (n:Entity {id: id}) RETURN n.id AS id, labels(n) AS labels, properties(n) AS p
