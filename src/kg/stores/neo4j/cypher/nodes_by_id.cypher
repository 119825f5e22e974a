// Nodes by their ids.
UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE n.kg_type IS NOT NULL AND ($all OR n.kg_protected IS NULL)
RETURN n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body, n.zz_kg_sought AS sought,
  n.kg_protected AS protected
