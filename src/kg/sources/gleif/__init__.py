"""The Global Legal Entity Identifier Foundation's data on legal entities and their parents."""
