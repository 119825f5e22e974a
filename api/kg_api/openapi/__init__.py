"""The description of the service: schemas of the ontology, and examples."""
