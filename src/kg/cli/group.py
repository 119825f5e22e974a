"""How do errors leave the command line?"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

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


def _mute() -> None:
    """Nobody reads our output, or nothing holds it; Python would complain again when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
