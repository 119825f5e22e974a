// Assets that are said to be for sale or sold
// Answers: Which assets may soon be gone, or are said to be, and do others still say they are owned?
// $words (texts, default): Words in a status that speak of a sale.
// $most (integer, default): Most rows.
// Limit: rows after the first $most are left out.
:param words => ['sale', 'sold', 'selling'];
:param most => 100;
MATCH path = (p:Party)-[o:OWNS]->(a:Asset)
WHERE any(w IN $words WHERE any(s IN coalesce(o.status_all, [o.status]) WHERE toLower(s) CONTAINS w))
OPTIONAL MATCH (other:Party)-[still:OWNS]->(a)
WHERE still.id <> o.id AND still.end_date_last IS NULL
WITH path, p, o, a, other ORDER BY other.id
WITH path, p, o, a, collect(DISTINCT other.caption) AS others
RETURN a.caption AS asset, p.caption AS owner, coalesce(o.status_all, [o.status]) AS said, o.sources AS sources,
  others AS others_say_owned_by, a.valuation AS valuation, path
ORDER BY asset, a.id, o.id
LIMIT $most;
