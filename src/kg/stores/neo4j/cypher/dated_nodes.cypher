// The nodes with a date of birth.
MATCH (n:Entity) WHERE n.kg_type IS NOT NULL AND n.zz_kg_body CONTAINS '"birth_date"' AND ($all OR n.kg_protected IS NULL)
RETURN n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body, n.zz_kg_sought AS sought,
  n.kg_protected AS protected
