// Which of these nodes are still there?
UNWIND $rows AS id
MATCH (n:Entity {id: id}) RETURN n.id AS id
