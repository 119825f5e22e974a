"""How do errors leave the command line?"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any, TextIO

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from kg.errors import KgError

INTERRUPTED = 130
TERMINATED = 143


class Terminated(KeyboardInterrupt):
    """Somebody asked the process to end; what is under way is undone, as when it is interrupted."""


def terminate(_signal: int, _frame: FrameType | None) -> None:
    """A handler of SIGTERM. Raises Terminated."""
    raise Terminated


class Commands(TyperGroup):
    """The commands of kg, in the order they are listed; each error becomes one line on stderr and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which they were registered: the order of the work."""
        return list(self.commands)

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
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except TyperException as error:
            if not standalone_mode:
                raise
            code = error.exit_code
            if told := " ".join(error.format_message().split()):  # nothing where the help was shown instead
                _complain(f"{told.rstrip('.')}; see `{_command(error)} --help`")
        except SystemExit as left:
            # Typer and rich, which write the help, leave with 1 where nobody reads it.
            if not isinstance(left.__context__, BrokenPipeError):
                raise
            _mute(sys.stdout)
            code = 0
        except OSError as error:
            code = _unwritten(error)
        return sys.exit(code or 0) if standalone_mode else code

    def invoke(self, ctx: Any) -> Any:
        """Run a command; say what went wrong in one line."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            _complain(" ".join(str(error).split()))
            raise typer.Exit(error.exit_code) from None
        except (KeyboardInterrupt, typer.Abort) as error:
            _complain("interrupted; what was not finished was undone")
            raise typer.Exit(TERMINATED if isinstance(error, Terminated) else INTERRUPTED) from None
        except OSError as error:
            raise typer.Exit(_unwritten(error)) from None


def _command(error: TyperException) -> str:
    """Which command's help says what was expected."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "kg"


def _unwritten(error: OSError) -> int:
    """What to end with where a file, or the output, cannot be read or written; nothing is said where nobody reads."""
    if error.filename is None:
        _mute(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return 0
    _complain(f"{error.filename or 'the output'}: {error.strerror}")
    return 2


def _complain(text: str) -> None:
    """One line on stderr; if nobody reads that either, the exit code has to do."""
    try:
        typer.echo(f"kg: {text}", err=True)
    except OSError:
        _mute(sys.stderr)


def _mute(stream: TextIO) -> None:
    """Nobody reads what we write there, or nothing holds it; Python would complain again when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
