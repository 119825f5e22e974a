"""Errors as one line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any, TextIO

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from kg.cli.terminal import print_line
from kg.errors import InputError, KgError

INTERRUPTED = 130
TERMINATED = 143


class Terminated(KeyboardInterrupt):
    """Somebody asked the process to end; what is under way is undone, as when it is interrupted."""


def raise_terminated(_signal: int, _frame: FrameType | None) -> None:
    """A handler of SIGTERM. Raises Terminated."""
    raise Terminated


class HelpedGroup(TyperGroup):
    """Commands of which the help is printed where none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words before the command; without any, print the help and leave with 2."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.exit(2)
        return super().parse_args(ctx, args)


class CommandGroup(HelpedGroup):
    """The commands of kg; each error becomes one line on stderr and an exit code."""

    def main(
        self,
        args: Any = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run and leave the process, with one line for what was not understood; or, not standing alone, return."""
        try:
            _require_utf_8(sys.argv[1:] if args is None else args)
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except TyperException as error:
            if not standalone_mode:
                raise
            code = error.exit_code
            if told := " ".join(error.format_message().split()):  # nothing where the help was shown instead
                print_error(f"{told.rstrip('.')}; see `{_command_path(error)} --help`")
        except InputError as error:
            code = error.exit_code
            print_error(str(error))
        except SystemExit as left:
            # Typer and rich, which write the help, leave with 1 where nobody reads it.
            if not isinstance(left.__context__, BrokenPipeError):
                raise
            _discard_output(sys.stdout)
            code = 0
        except OSError as error:
            code = _report_os_error(error)
        return sys.exit(code or 0) if standalone_mode else code

    def invoke(self, ctx: Any) -> Any:
        """Run a command; say what went wrong in one line."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            print_error(" ".join(str(error).split()))
            raise typer.Exit(error.exit_code) from None
        except (KeyboardInterrupt, typer.Abort) as error:
            print_error("interrupted; what was not finished was undone")
            raise typer.Exit(TERMINATED if isinstance(error, Terminated) else INTERRUPTED) from None
        except OSError as error:
            raise typer.Exit(_report_os_error(error)) from None


def _require_utf_8(words: Iterable[str]) -> None:
    """Raise InputError for an argument that no store and no JSON document can hold."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise InputError(f"argument {word}: expected UTF-8; if it is the name of a file, rename it") from None


def _command_path(error: TyperException) -> str:
    """Which command's help says what was expected."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "kg"


def _report_os_error(error: OSError) -> int:
    """What to end with where a file, or the output, cannot be read or written; nothing is said where nobody reads."""
    if error.filename is None:
        _discard_output(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return 0
    print_error(f"{error.filename or 'the output'}: {error.strerror}")
    return 2


def print_error(text: str) -> None:
    """One line on stderr; if nobody reads that either, the exit code has to do."""
    try:
        print_line(f"kg: {text}", err=True)
    except OSError:
        _discard_output(sys.stderr)


def _discard_output(stream: TextIO) -> None:
    """Nobody reads what we write there, or nothing holds it; Python would complain again when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
