"""The periodic report on asset clusters: its summary, its clusters, and the model that every format renders."""
