// Nodes that say something else than before; labels and keys that are not ours stay.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
REMOVE n:OTHERS
SET n:LABELS
FOREACH (key IN [k IN keys(n) WHERE k IN $owned AND row.p[k] IS NULL] | SET n[key] = null)
SET n += row.p
