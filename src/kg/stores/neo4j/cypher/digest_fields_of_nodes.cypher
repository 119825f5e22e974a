// A page of nodes with the fields of the graph's digest.
MATCH (n:Entity) WHERE n.id > $after AND n.zz_kg_digest IS NOT NULL
WITH n ORDER BY n.id LIMIT $page
RETURN collect(n.id) AS ids,
  collect([n.kg_type, n.caption, coalesce(n.zz_kg_body, ''), toString(n.kg_protected IS NOT NULL)]) AS said,
  collect(coalesce(n.zz_kg_sought, [])) AS sought
