// A page of links with the digests of their content.
MATCH ()-[r:TYPE]->() WHERE r.id > $after AND coalesce(r.zz_kg_digest, r.kg_digest) IS NOT NULL
WITH r ORDER BY r.id LIMIT $page
RETURN collect(r.id) AS ids, collect(coalesce(r.zz_kg_digest, r.kg_digest)) AS digests
