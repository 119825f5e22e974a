"""Which questions does the graph answer beyond a look-up?"""
