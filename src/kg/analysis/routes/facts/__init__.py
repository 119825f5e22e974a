"""How each fact that a legal route names is found in the graph."""
