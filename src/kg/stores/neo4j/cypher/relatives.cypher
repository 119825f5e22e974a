// The nodes with a date of birth that links connect with some nodes, whichever way.
UNWIND $ids AS about
MATCH (h:Entity {id: about})-[r:TYPES]-(n:Entity)
WHERE r.zz_kg_digest IS NOT NULL AND n.kg_type IS NOT NULL AND n.zz_kg_body CONTAINS '"birth_date"'
  AND ($all OR (r.kg_protected IS NULL AND h.kg_protected IS NULL AND n.kg_protected IS NULL))
RETURN DISTINCT about, n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body,
  n.zz_kg_sought AS sought, n.kg_protected AS protected
ORDER BY about, id
