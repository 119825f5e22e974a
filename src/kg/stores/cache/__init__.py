"""Files beside the store from which the graph and its clusters open at once."""
