"""Drawings in reports, as SVG."""
