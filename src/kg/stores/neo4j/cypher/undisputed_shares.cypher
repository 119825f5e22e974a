// Links that records state, with the numbers that analyses use.
UNWIND $ids AS id
MATCH (a)-[r:TYPES]->(b) WHERE r.id = id AND r.zz_kg_claims IS NOT NULL AND r.zz_kg_claims <> '[]'
  AND ($all OR (r.kg_protected IS NULL AND a.kg_protected IS NULL AND b.kg_protected IS NULL))
RETURN r.id AS id, coalesce(r.zz_kg_facts, []) AS facts, r.zz_kg_body AS body
