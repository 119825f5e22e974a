// Which types of link are there?
MATCH ()-[r]->() RETURN DISTINCT type(r) AS type
