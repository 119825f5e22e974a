"""How is the demo case set made?"""

from bench.generate.demo.make import make, write

__all__ = ["make", "write"]
