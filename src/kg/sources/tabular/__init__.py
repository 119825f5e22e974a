"""Tables whose mapping to records a `source.toml` declares."""
