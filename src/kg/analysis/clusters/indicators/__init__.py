"""Which warning signs are there? Each is a module of this package, which is its registration."""
