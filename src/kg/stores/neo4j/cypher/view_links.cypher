// A page of links as columns.
MATCH (a)-[r:TYPE]->(b) WHERE r.id > $after AND r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL)
WITH r, a, b ORDER BY r.id LIMIT $page
RETURN collect(r.id) AS ids, collect(a.id) AS tails, collect(b.id) AS heads
