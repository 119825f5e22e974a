// Transfer some links that arrive at a node to the node into which it was merged.
MATCH (n:LABELS {id: $id})<-[r]-(b)
WITH n, r, b LIMIT $limit
WITH r, b, type(r) AS kind, properties(r) AS said
MATCH (heir:Entity {id: $heir})
DELETE r
WITH heir, b, kind, said
CREATE (heir)<-[c:$(kind)]-(b)
SET c = said
RETURN count(*) AS handed
