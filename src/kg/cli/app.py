"""The commands of `kg` in the order of its help, and its exit codes."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from kg.cli.commands import (
    attach,
    backup,
    clusters,
    demo,
    export,
    gaps,
    generate,
    judgements,
    keys,
    load,
    neo4j,
    owners,
    path,
    portfolio,
    query,
    ref,
    report,
    restore,
    routes,
    search,
    serve,
    show,
    sources,
    sync,
    template,
    verify,
    view,
    withdraw,
)
from kg.cli.errors import CommandGroup, print_error, raise_terminated
from kg.files import DEFAULT_UMASK, restrict_new_files

EPILOG = """Exit codes: 0 done; 1 verify found differences; 2 bad input or usage; 3 nothing by that name; 4 the store
cannot be used; 130 interrupted; 143 terminated. Errors are one line on stderr."""

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    help="Follow people and money across borders: load what sources claim, see one graph, find what is held together.",
)

for command, example in (
    (load.load, "kg load entities.ftm.json --source opensanctions"),
    (withdraw.withdraw, "kg withdraw opensanctions --yes"),
    (sources.sources, "kg sources --json"),
    (sources.loads, "kg loads opensanctions"),
    (sources.waiting, "kg waiting --source opensanctions"),
    (verify.verify, "kg verify"),
    (backup.backup, "kg backup graph-2014-12-05.sqlite; kg backup graph-2014-12-05.sqlite --check"),
    (restore.restore, "kg restore graph-2014-12-05.sqlite --yes"),
    (sync.sync, "kg sync neo4j://localhost:7687"),
    (template.template, "kg template case.xlsx"),
    (attach.attach, 'kg attach deed.pdf --to "MY Example" --page 2 --title "Deed of sale" --stated 2014-06-30'),
    (attach.exhibits, 'kg exhibits "MY Example" --extract exhibits'),
    (search.search, 'kg search "Wei Min" --type Person'),
    (show.show, "kg show 4jl5s6dzrd2pfqxhrqk7z3y2ma"),
    (clusters.clusters, "kg clusters --limit 5; kg clusters 3 --stability --as-of 2014-12-05"),
    (report.report, "kg report --out reports --date 2014-12-05 --as-of stated"),
    (judgements.same, 'kg same register:7 press:wei --by "A. Analyst" --why "same passport, seen"'),
    (judgements.distinct, 'kg distinct register:7 press:wei --by "A. Analyst" --why "born 1958 and 1971"'),
    (judgements.judgements, "kg judgements register:7"),
    (judgements.undo, 'kg undo 3 --by "A. Analyst" --why "the passport was forged"'),
    (path.path, 'kg path "Ann Example" "MY Example" --ranking shortest --as-of 2014-12-05'),
    (owners.owners, 'kg owners "MY Example" --as-of 2014 --min 5'),
    (owners.holdings, 'kg holdings "Ann Example" --as-of 2014-12-05'),
    (routes.routes, 'kg routes "Ann Example" --requesting CN --as-of 2014-12-05'),
    (gaps.gaps, "kg gaps --requesting CN --host US --as-of 2014-12-05 --limit 10"),
    (portfolio.portfolio, "kg portfolio --requesting CN --as-of 2014-12-05 --limit 20"),
    (query.query, "kg query people/family --param person=demo:p-017"),
    (view.view, "kg view --clusters"),
    (export.export, "kg export case.graphml --type Party --type Asset; kg export neo4j-admin bulk"),
    (ref.ref, "kg ref OWNS"),
    (generate.generate, "kg generate --check"),
    (demo.demo, "kg demo --out kg-demo"),
    (serve.serve, "kg serve --port 8100"),
):
    app.command(epilog=f"Example: {example}")(command)
app.add_typer(neo4j.group, name="neo4j")
app.add_typer(keys.group, name="keys")


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import version as installed_version

    typer.echo(f"kg {installed_version('kg-investigations')}")
    if "-v" in sys.argv[1:]:  # as it is eager, to import nothing heavy, the other option is not read by now
        import platform

        from kg.database import describe_sqlite

        typer.echo(f"Python {platform.python_version()}\n{describe_sqlite()}")
    raise typer.Exit


@app.callback()
def _root_options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", help="With --version: print which Python and SQLite run too.")] = False,
) -> None:
    """Options of kg itself."""


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, raise_terminated)
    umask = os.environ.get("KG_UMASK", DEFAULT_UMASK)  # before anything is written; settings take time to import
    try:
        restrict_new_files(umask)
    except ValueError as error:
        print_error(f"environment, key KG_UMASK, value {umask!r}: {error}")
        sys.exit(2)
    app()
