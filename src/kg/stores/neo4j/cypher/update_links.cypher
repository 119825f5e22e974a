// Update links whose content or ends changed; keys that kg does not own stay.
UNWIND $rows AS row
MATCH (a:Entity {id: row.tail}) MATCH (b:Entity {id: row.head})
OPTIONAL MATCH (x)-[old:BEFORE {id: row.id}]->(y) WHERE type(old) <> $type OR x <> a OR y <> b
WITH row, a, b, old, coalesce(properties(old), {}) AS before
DELETE old
MERGE (a)-[r:TYPE {id: row.id}]->(b)
SET r += before
FOREACH (key IN [k IN keys(r) WHERE k IN $owned AND row.p[k] IS NULL] | SET r[key] = null)
SET r += row.p
