// Withdraw nodes that no source describes any more; what people attached to them stays.
UNWIND $rows AS id
MATCH (n:Entity {id: id})
REMOVE n:OTHERS
SET n:Withdrawn
FOREACH (key IN [k IN keys(n) WHERE k IN $owned AND k <> 'id'] | SET n[key] = null)
