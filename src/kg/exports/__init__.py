"""Writers of the graph in the formats of other tools."""
