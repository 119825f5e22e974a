// Withdrawn nodes.
MATCH (n:Withdrawn) RETURN n.id AS id
