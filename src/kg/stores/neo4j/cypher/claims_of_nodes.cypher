// The claims behind nodes.
UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE n.zz_kg_claims IS NOT NULL AND ($all OR n.kg_protected IS NULL)
RETURN n.id AS id, n.zz_kg_claims AS claims
