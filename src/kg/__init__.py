"""A knowledge graph for investigators who follow people and money across borders."""

import os

os.environ.setdefault("OPENPYXL_LXML", "False")
"""openpyxl writes workbooks in one way, whether lxml is installed or not: with lxml, a full disk is no OSError."""
