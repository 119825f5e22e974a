"""A knowledge graph for investigators who follow people and money across borders."""
