// A page of links with the fields of the graph's digest.
MATCH (a)-[r:TYPE]->(b) WHERE r.id > $after AND r.zz_kg_digest IS NOT NULL
WITH r, a, b ORDER BY r.id LIMIT $page
RETURN collect(r.id) AS ids, collect([a.id, b.id, coalesce(r.zz_kg_body, ''), toString(r.kg_protected IS NOT NULL)]) AS said
