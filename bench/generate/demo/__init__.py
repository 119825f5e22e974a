"""How is the demo case set made?"""

from bench.generate.demo.build import build_demo, write

__all__ = ["build_demo", "write"]
