"""Readers of files: lines, JSON objects, delimited text."""
