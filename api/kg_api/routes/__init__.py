"""Which addresses does the service have, by topic?"""
