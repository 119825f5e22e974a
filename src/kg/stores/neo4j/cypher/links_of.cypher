// The links of a node, in and out, in the order of their ids.
MATCH (n:Entity {id: $id})-[r]-(b)
WHERE r.kg_digest IS NOT NULL AND ($types IS NULL OR type(r) IN $types)
  AND ($all OR (r.kg_protected IS NULL AND n.kg_protected IS NULL AND b.kg_protected IS NULL))
  AND r.id > $after
  AND ($direction = '' OR ($direction = 'out' AND startNode(r) = n) OR ($direction = 'in' AND endNode(r) = n))
WITH DISTINCT r ORDER BY r.id LIMIT $limit
RETURN r.id AS id, type(r) AS type, startNode(r).id AS tail, endNode(r).id AS head, r.kg_body AS body,
  r.kg_protected AS protected
ORDER BY id
