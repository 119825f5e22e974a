"""What people ask of the graph: look-ups, paths, clusters, ownership, legal routes, saved queries."""
