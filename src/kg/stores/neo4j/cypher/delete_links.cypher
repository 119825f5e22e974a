// Delete links that no source describes any more.
UNWIND $rows AS id
MATCH ()-[r:TYPE {id: id}]->()
DELETE r
