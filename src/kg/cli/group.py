"""How do errors leave the command line?"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

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
                typer.echo(f"kg: {told.rstrip('.')}; see `{_command(error)} --help`", err=True)
        return sys.exit(code or 0) if standalone_mode else code

    def invoke(self, ctx: Any) -> Any:
        """Run a command; say what went wrong in one line."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            typer.echo(f"kg: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(error.exit_code) from None
        except (KeyboardInterrupt, typer.Abort) as error:
            typer.echo("kg: interrupted; what was not finished was undone", err=True)
            raise typer.Exit(TERMINATED if isinstance(error, Terminated) else INTERRUPTED) from None
        except BrokenPipeError:
            _mute()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.filename is None:
                _mute()
            typer.echo(f"kg: {error.filename or 'the output'}: {error.strerror}", err=True)
            raise typer.Exit(2) from None


def _command(error: TyperException) -> str:
    """Which command's help says what was expected."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "kg"


def _mute() -> None:
    """Nobody reads our output, or nothing holds it; Python would complain again when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
