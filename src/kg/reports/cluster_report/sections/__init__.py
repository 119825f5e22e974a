"""The sections of the report on one cluster, a module each."""
