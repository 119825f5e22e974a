"""Which databases can hold the graph?"""
