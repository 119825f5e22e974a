"""How are two nodes connected?"""
