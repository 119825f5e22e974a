// A page of nodes with the digests of their content.
MATCH (n:Entity) WHERE n.id > $after AND coalesce(n.zz_kg_digest, n.kg_digest) IS NOT NULL
WITH n ORDER BY n.id LIMIT $page
RETURN collect(n.id) AS ids, collect(coalesce(n.zz_kg_digest, n.kg_digest)) AS digests, collect(coalesce(n.kg_type, '')) AS types
