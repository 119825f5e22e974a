"""Who may be the same as whom: screening of lists, candidates in the graph, and comparisons of two."""
