// Transfer labels and properties that people gave to a node to the node into which it was merged; if both have a key, keep both values.
MATCH (n:LABELS {id: $id}) MATCH (heir:Entity {id: $heir})
WITH n, heir, [l IN labels(n) WHERE NOT l IN $labels AND l <> 'Withdrawn'] AS given,
  [k IN keys(n) WHERE NOT k IN $owned] AS noted
SET heir:$(given)
FOREACH (k IN [k IN noted WHERE heir[k] IS NULL] | SET heir[k] = n[k])
FOREACH (k IN [k IN noted WHERE heir[k] <> n[k]] | SET heir[k + ' of ' + n.id] = n[k])
DELETE n
