"""What became of each cluster between two runs, and what caused it?"""
