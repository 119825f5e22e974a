// Names and papers of a person
// Answers: Under which names, identity documents and numbers does this person appear?
// $person (node): The person.
:param person => 'r6yq3vfh4a67jxrqqqkp7dqz7f';
MATCH (p:Person {id: $person})
OPTIONAL MATCH (p)-[h:HAS_DOCUMENT]->(d:IdentityDocument)
RETURN p.caption AS person, coalesce(p.name_all, [p.name]) AS names, coalesce(p.alias_all, [p.alias]) AS aliases,
  coalesce(p.national_number_all, [p.national_number]) AS national_numbers, d.kind AS paper, d.number AS number, d.issuer AS issuer,
  coalesce(d.shown_name_all, [d.shown_name]) AS names_shown, d.standing AS standing, h.use AS used_for, d.sources AS sources
ORDER BY number, d.id;
