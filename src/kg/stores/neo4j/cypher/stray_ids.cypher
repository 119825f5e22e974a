// Nodes with content of ours that have lost the label by which they are found, or are copies of some.
MATCH (n) WHERE n.kg_digest IS NOT NULL AND NOT n:Entity
RETURN n.id AS id ORDER BY id LIMIT $limit
