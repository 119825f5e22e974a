"""Reports as HTML, Markdown and JSON files."""
