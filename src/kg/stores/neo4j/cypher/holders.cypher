// The nodes with a date of birth from which links lead to some nodes, through others too.
UNWIND $ids AS about
MATCH (h:Entity {id: about})<-[rs:TYPES*1..MOST]-(n:Entity)
WHERE n.kg_type IS NOT NULL AND n.zz_kg_body CONTAINS '"birth_date"'
  AND all(r IN rs WHERE r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL))
  AND ($all OR (h.kg_protected IS NULL AND n.kg_protected IS NULL))
RETURN DISTINCT about, n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body,
  n.zz_kg_sought AS sought, n.kg_protected AS protected
ORDER BY about, id
