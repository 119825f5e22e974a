// How many nodes of some types have a link to each jurisdiction, and, without an id, to any?
MATCH (n)-[r:TYPES]->(place) WHERE n.kg_type IN $types AND r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL)
RETURN place.id AS id, count(DISTINCT n) AS count
UNION ALL
MATCH (n)-[r:TYPES]->() WHERE n.kg_type IN $types AND r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL)
RETURN null AS id, count(DISTINCT n) AS count
