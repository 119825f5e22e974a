// All properties of some links, and their ends.
UNWIND $rows AS id
MATCH (a)-[r:TYPE {id: id}]->(b)
RETURN r.id AS id, a.id AS tail, b.id AS head, properties(r) AS p
