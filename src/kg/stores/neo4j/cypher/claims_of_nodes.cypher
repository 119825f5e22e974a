// The claims behind nodes.
UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE n.kg_claims IS NOT NULL AND ($all OR n.kg_protected IS NULL)
RETURN n.id AS id, n.kg_claims AS claims
