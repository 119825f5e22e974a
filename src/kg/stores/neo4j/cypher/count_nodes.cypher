// How many nodes of each type are there?
MATCH (n:Entity) WHERE n.kg_type IS NOT NULL AND ($all OR n.kg_protected IS NULL)
RETURN n.kg_type AS type, count(*) AS count ORDER BY type
