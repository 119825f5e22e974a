"""By which rules do records become one graph? Functions without a database: every projection calls the same ones."""
