// Nodes with content of kg that have lost the label Entity, or are copies.
MATCH (n) WHERE coalesce(n.zz_kg_digest, n.kg_digest) IS NOT NULL AND NOT n:Entity
RETURN n.id AS id ORDER BY id LIMIT $limit
