"""How is the demo case set made?"""

from bench.generate.demo.build import make, write

__all__ = ["make", "write"]
