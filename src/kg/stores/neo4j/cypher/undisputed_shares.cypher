// Links that records state, with the numbers that analyses use.
UNWIND $ids AS id
MATCH (a)-[r:TYPES]->(b) WHERE r.id = id AND r.kg_claims IS NOT NULL AND r.kg_claims <> '[]'
  AND ($all OR (r.kg_protected IS NULL AND a.kg_protected IS NULL AND b.kg_protected IS NULL))
RETURN r.id AS id, coalesce(r.kg_facts, []) AS facts, r.kg_body AS body
