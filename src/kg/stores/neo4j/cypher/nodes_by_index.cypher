// Nodes that a full-text index finds, in the order of their ids.
CALL db.index.fulltext.queryNodes($index, $words) YIELD node AS n
WHERE ($types IS NULL OR n.kg_type IN $types) AND ($all OR n.kg_protected IS NULL)
  AND ($jurisdiction IS NULL OR EXISTS {
    (n)-[r]->(:Jurisdiction {id: $jurisdiction})
    WHERE r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL)
  })
RETURN n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body, n.zz_kg_sought AS sought,
  n.kg_protected AS protected
ORDER BY id LIMIT $limit
