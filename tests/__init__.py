"""How do we know that it holds?"""
