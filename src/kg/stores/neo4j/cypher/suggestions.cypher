// The links of suggestions.
MATCH (a:Entity)-[r:TYPE]->(b:Entity) WHERE r.zz_kg_suggestion IS NOT NULL
RETURN r.id AS id, a.id AS tail, b.id AS head, r.zz_kg_suggestion AS suggestion
ORDER BY id
