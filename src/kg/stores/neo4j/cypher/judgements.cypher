// The judgements by which nodes are one thing.
UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE n.kg_judgements IS NOT NULL AND ($all OR n.kg_protected IS NULL)
RETURN n.id AS id, n.kg_judgements AS judgements
