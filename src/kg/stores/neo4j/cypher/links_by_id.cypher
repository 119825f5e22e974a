// Links by their ids.
UNWIND $ids AS id
MATCH (a)-[r:TYPES]->(b) WHERE r.id = id AND r.zz_kg_digest IS NOT NULL
  AND ($all OR (r.kg_protected IS NULL AND a.kg_protected IS NULL AND b.kg_protected IS NULL))
RETURN r.id AS id, type(r) AS type, a.id AS tail, b.id AS head, r.zz_kg_body AS body, r.kg_protected AS protected
