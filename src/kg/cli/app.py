"""The commands of `kg` in the order of its help, and its exit codes."""

from __future__ import annotations

import atexit
import gc
import inspect
import os
import signal
import sys
from collections.abc import Iterator, MutableMapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from kg.cli.errors import CommandGroup, print_error, raise_terminated
from kg.files import DEFAULT_UMASK, restrict_new_files
from kg.resources import installed_version

EPILOG = """Exit codes: 0 done; 1 verify found differences; 2 bad input or usage; 3 nothing by that name; 4 the store
cannot be used; 130 interrupted; 143 terminated. Errors are one line on stderr."""

COMMANDS = {
    "load": ("load", "kg load entities.ftm.json --source opensanctions"),
    "withdraw": ("withdraw", "kg withdraw opensanctions --yes"),
    "sources": ("sources", "kg sources --json"),
    "loads": ("sources", "kg loads opensanctions"),
    "rejects": ("rejects", "kg rejects our-desk --xlsx mend.xlsx"),
    "history": ("sources", "kg history"),
    "waiting": ("sources", "kg waiting --source opensanctions"),
    "verify": ("verify", "kg verify"),
    "backup": ("backup", "kg backup graph-2014-12-05.sqlite; kg backup graph-2014-12-05.sqlite --check"),
    "restore": ("restore", "kg restore graph-2014-12-05.sqlite --yes"),
    "sync": ("sync", "kg sync neo4j://localhost:7687"),
    "template": ("template", "kg template case.xlsx"),
    "attach": ("attach", 'kg attach deed.pdf --to "MY Example" --page 2 --title "Deed of sale" --stated 2014-06-30'),
    "exhibits": ("attach", 'kg exhibits "MY Example" --extract exhibits'),
    "search": ("search", 'kg search "Wei Min" --type Person'),
    "screen": ("screen", "kg screen list.csv --out hits.csv; kg screen list.csv --register register.csv"),
    "candidates": ("candidates", 'kg candidates --write; kg candidates "Ann Example"'),
    "why": ("why", "kg why register:7 press:wei"),
    "compare-names": ("compare_names", 'kg compare-names "张伟文" "Cheung Wai Man"'),
    "show": ("show", "kg show 4jl5s6dzrd2pfqxhrqk7z3y2ma"),
    "clusters": ("clusters", "kg clusters --limit 5; kg clusters 3 --stability --as-of 2014-12-05"),
    "report": ("report", "kg report --out reports --date 2014-12-05 --as-of stated"),
    "same": ("judgements", 'kg same register:7 press:wei --by "A. Analyst" --why "same passport, seen"'),
    "distinct": ("judgements", 'kg distinct register:7 press:wei --by "A. Analyst" --why "born 1958 and 1971"'),
    "unsure": ("judgements", 'kg unsure register:7 press:wei --by "A. Analyst" --why "the passport page is missing"'),
    "review": ("review", 'kg review --by "A. Analyst"; kg review register:7'),
    "judgements": ("judgements", "kg judgements register:7"),
    "undo": ("judgements", 'kg undo 3 --by "A. Analyst" --why "the passport was forged"'),
    "path": ("path", 'kg path "Ann Example" "MY Example" --ranking shortest --as-of 2014-12-05'),
    "connect": ("connect", 'kg connect "Ann Example" "Bo Example" "Acme Ltd" --as-of 2014-12-05'),
    "owners": ("owners", 'kg owners "MY Example" --as-of 2014 --min 5'),
    "holdings": ("owners", 'kg holdings "Ann Example" --as-of 2014-12-05'),
    "flow": ("flow", 'kg flow "Ann Example" --as-of 2014-12-05; kg flow bank:1 bank:7 --rule fifo --opening zero'),
    "routes": ("routes", 'kg routes "Ann Example" --requesting CN --as-of 2014-12-05'),
    "dossier": ("dossier", 'kg dossier "Ann Example" --requesting CN --as-of 2014-12-05 --out ann.html'),
    "gaps": ("gaps", "kg gaps --requesting CN --host US --as-of 2014-12-05 --limit 10"),
    "portfolio": ("portfolio", "kg portfolio --requesting CN --as-of 2014-12-05 --limit 20"),
    "freeze-set": ("freeze_set", 'kg freeze-set "Ann Example" --requesting CN --as-of 2014-12-05'),
    "request": ("request", 'kg request draft freeze "Ann Example" --requesting CN --to US --as-of 2014-12-05'),
    "law": ("law", "kg law CN US --as-of 2014-12-05; kg law --holes"),
    "query": ("query", "kg query people/family --param person=demo:p-017"),
    "view": ("view", "kg view --clusters"),
    "export": ("export", "kg export case.graphml --type Party --type Asset; kg export neo4j-admin bulk"),
    "ref": ("ref", "kg ref OWNS"),
    "generate": ("generate", "kg generate --check"),
    "demo": ("demo", "kg demo --out kg-demo"),
    "explore": ("explore", "kg explore; kg explore demo:p-003 --port 8101"),
    "serve": ("serve", "kg serve --port 8100"),
    "lake": ("lake", ""),
    "neo4j": ("neo4j", ""),
    "keys": ("keys", ""),
    "watch": ("watch", ""),
}
"""Each command with its module and its example; a module without one has a group of commands."""


class _Conversion:
    """Takes a value as it is that has its parameter's type already: to convert one, typer imports pydantic."""

    def __init__(self, parameter: Any) -> None:
        self._build = parameter.get_runtime_param

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as the function of the command is given it."""
        expected = param.type_descriptor.annotation
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if expected in (str, int, float) and type(value) is expected:
            return value
        if expected == list[str] and isinstance(value, list | tuple) and all(type(each) is str for each in value):
            return list(value)
        return self._build().coerce(value, param=param, ctx=ctx)


class _LightParameters:
    """A command that converts only values that need it."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # the commands of typer have it
        for parameter in found:
            if "get_runtime_param" not in vars(parameter):
                conversion = _Conversion(parameter)
                parameter.get_runtime_param = lambda known=conversion: known
        return found


class _Command(_LightParameters, TyperCommand):
    """A command of its own."""


class _LazyCommands(MutableMapping[str, Any]):
    """The commands, each made when somebody asks for it: to make all takes most of the time of a start."""

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __setitem__(self, name: str, command: Any) -> None:
        raise TypeError("commands are added to COMMANDS")

    def __delitem__(self, name: str) -> None:
        raise TypeError("commands are taken out of COMMANDS")


@cache
def _command(name: str) -> Any:
    """A command or a group of commands with all its options."""
    _, example = COMMANDS[name]
    found = _entry(name)
    if isinstance(found, typer.Typer):
        command: Any = get_command(found)
        for below in command.commands.values():
            below.short_help = _first_paragraph(below.help)
    else:
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        alone.command(cls=_Command, epilog=f"Example: {example}")(found)
        command = get_command(alone)
    command.name = name
    return command


def _entry(name: str) -> Any:
    """The function of a command, or the commands below it."""
    module, example = COMMANDS[name]
    return getattr(import_module(f"kg.cli.commands.{module}"), name.replace("-", "_") if example else "group")


class _RootGroup(_LightParameters, CommandGroup):
    """All commands of kg."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _LazyCommands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, for which no command needs its options."""
        self.commands = {name: _summary(name) for name in COMMANDS}
        try:
            super().format_help(ctx, formatter)
        finally:
            self.commands = _LazyCommands()


def _summary(name: str) -> TyperCommand:
    found = _entry(name)
    text = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found)
    return TyperCommand(name, short_help=_first_paragraph(text))


def _first_paragraph(text: str | None) -> str:
    return (text or "").partition("\n\n")[0].replace("\n", " ")


app = typer.Typer(
    cls=_RootGroup,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 120},
    epilog=EPILOG,
    help="Follow people and money across borders: load what sources claim, see one graph, find what is held together.",
)


def _version(wanted: bool) -> None:
    if not wanted:
        return
    typer.echo(f"kg {installed_version()}")
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
    atexit.register(gc.freeze)  # to look for garbage once more at the end takes as long as to answer
    signal.signal(signal.SIGTERM, raise_terminated)
    umask = os.environ.get("KG_UMASK", DEFAULT_UMASK)  # before anything is written; settings take time to import
    try:
        restrict_new_files(umask)
    except ValueError as error:
        print_error(f"environment, key KG_UMASK, value {umask!r}: {error}")
        sys.exit(2)
    app()
