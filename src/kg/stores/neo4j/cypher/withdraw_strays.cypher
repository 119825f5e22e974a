// Withdraw some nodes with content of kg that have lost the label Entity.
MATCH (n) WHERE coalesce(n.zz_kg_digest, n.kg_digest) IS NOT NULL AND NOT n:Entity
WITH n LIMIT $limit
REMOVE n:OTHERS
SET n:Withdrawn
FOREACH (key IN [k IN keys(n) WHERE k IN $owned AND k <> 'id'] | SET n[key] = null)
RETURN count(*) AS found
