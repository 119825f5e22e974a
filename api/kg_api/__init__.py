"""The service that answers questions about the graph over HTTP."""
