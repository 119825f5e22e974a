"""How are sets of any size made, as FollowTheMoney JSON lines with planted clusters?"""

from bench.generate.ftm.plan import Plan, SetSize, plan
from bench.generate.ftm.write import write

__all__ = ["Plan", "SetSize", "plan", "write"]
