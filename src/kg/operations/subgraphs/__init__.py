"""Parts of the graph for programs that draw them: nodes and links in short."""
