// The links that lead to a node, in the order of their ids.
MATCH (n:Entity {id: $id})<-[r:TYPES]-(b)
WHERE r.zz_kg_digest IS NOT NULL AND r.id > $after
  AND ($all OR (r.kg_protected IS NULL AND n.kg_protected IS NULL AND b.kg_protected IS NULL))
  AND ($day = 0 OR r.zz_kg_facts IS NULL OR (r.zz_kg_facts[2] <= $day
    AND (r.zz_kg_facts[3] = 0 OR r.zz_kg_facts[3] >= $day OR type(r) IN $events)))
WITH r ORDER BY r.id LIMIT $limit
RETURN r.id AS id, type(r) AS type, startNode(r).id AS tail, endNode(r).id AS head, r.zz_kg_body AS body,
  r.kg_protected AS protected
ORDER BY id
