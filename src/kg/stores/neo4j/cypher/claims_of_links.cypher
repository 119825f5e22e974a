// The claims behind links.
UNWIND $ids AS id
MATCH (a)-[r:TYPES]->(b) WHERE r.id = id AND r.zz_kg_claims IS NOT NULL
  AND ($all OR (r.kg_protected IS NULL AND a.kg_protected IS NULL AND b.kg_protected IS NULL))
RETURN r.id AS id, r.zz_kg_claims AS claims
