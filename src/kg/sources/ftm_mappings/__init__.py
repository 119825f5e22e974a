"""Runs mappings of FollowTheMoney: YAML files that make entities of the rows of CSV files."""
