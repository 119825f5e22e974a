"""How does the graph leave for other tools?"""
