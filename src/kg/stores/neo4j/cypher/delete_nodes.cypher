// Delete nodes that no source describes any more and to which nobody attached anything.
UNWIND $rows AS id
MATCH (n:Entity {id: id})
WHERE NOT EXISTS { (n)--() } AND all(l IN labels(n) WHERE l IN $labels) AND all(k IN keys(n) WHERE k IN $owned)
DELETE n
