// The first nodes, in the order of their ids, that a full-text index finds for each of some queries.
UNWIND $queries AS words
CALL (words) {
  CALL db.index.fulltext.queryNodes($index, words) YIELD node AS n
  WHERE $all OR n.kg_protected IS NULL
  RETURN n ORDER BY n.id LIMIT $limit
}
RETURN words, n.id AS id, n.kg_type AS type, n.caption AS caption, n.zz_kg_body AS body, n.zz_kg_sought AS sought,
  n.kg_protected AS protected
ORDER BY words, id
