"""How the graph, or a part of it, is written for other tools."""
