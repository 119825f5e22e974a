// A page of nodes as columns.
MATCH (n:Entity) WHERE n.id > $after AND n.kg_type IS NOT NULL AND ($all OR n.kg_protected IS NULL)
WITH n ORDER BY n.id LIMIT $page
RETURN collect(n.id) AS ids, collect(n.kg_type) AS types, collect(n.caption) AS captions,
  collect(n.zz_kg_sought IS NOT NULL) AS sought
