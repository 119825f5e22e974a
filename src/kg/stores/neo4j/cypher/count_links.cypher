// How many links of each type are there?
MATCH ()-[r]->() WHERE r.zz_kg_digest IS NOT NULL AND ($all OR r.kg_protected IS NULL)
RETURN type(r) AS type, count(*) AS count ORDER BY type
