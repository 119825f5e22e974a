// Nodes that wait for a source to describe them again.
MATCH (n:Withdrawn) RETURN n.id AS id
