"""Which arguments does the generator take?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.generate import ftm
from bench.generate.ftm.counts import RULE
from bench.generate.ftm.plan import ImpossibleSize
from bench.generate.ftm.write import answer_key_file

SEED = 7


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments and write what they ask for; 2 when no set can be made so."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except ImpossibleSize as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description="Makes invented data from a seed.")
    sets = parser.add_subparsers(required=True, metavar="SET")
    demo = sets.add_parser("demo", help="the demo case set")
    demo.add_argument("--out", type=Path, default=Path("graph/demo"), help="folder (default: graph/demo)")
    demo.set_defaults(run=_demo)
    _ftm_options(sets.add_parser("ftm", help="a set of any size as FollowTheMoney JSON lines", epilog=RULE))
    return parser


def _ftm_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="file; compressed when it ends in .gz")
    parser.add_argument("--nodes", type=int, default=0, help="nodes in all")
    parser.add_argument("--links", type=int, default=0, help="links in all (default: three a node)")
    parser.add_argument("--people", type=int, default=0, help="people in planted clusters, instead of --nodes")
    parser.add_argument("--companies", type=int, default=0, help="companies in planted clusters, instead of --nodes")
    parser.add_argument("--clusters", type=int, default=0, help="planted clusters (default: one for 20 nodes)")
    parser.add_argument("--hub-share", type=float, default=0.5, help="companies at an agent's address (default: 0.5)")
    parser.add_argument("--noise", type=float, default=0.05, help="links between clusters (default: 0.05 of all)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"(default: {SEED})")
    parser.set_defaults(run=_ftm)


def _demo(chosen: argparse.Namespace) -> None:
    from bench.generate import demo

    print(demo.write(chosen.out))


def _ftm(chosen: argparse.Namespace) -> None:
    sizes = {name: value for name, value in vars(chosen).items() if name not in {"out", "run"}}
    made = ftm.plan(ftm.SetSize(**sizes))
    print(ftm.write(made, chosen.out))
    print(f"{made.clusters:,} planted clusters: {answer_key_file(chosen.out)}")


if __name__ == "__main__":
    sys.exit(main())
