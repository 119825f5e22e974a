// Update nodes whose content changed; labels and keys that kg does not own stay.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
REMOVE n:OTHERS
SET n:LABELS
FOREACH (key IN [k IN keys(n) WHERE k IN $owned AND row.p[k] IS NULL] | SET n[key] = null)
SET n += row.p
