"""The snapshot of the graph that answers requests, and how it is refreshed."""
