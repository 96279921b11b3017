"""The command line: a thin shell that carries cases in and results out.

Each module here holds a few verbs; `shell` is what they share.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from mcda import plain
from mcda.cli import cases, documents, restore, results, shell, sync, watch

app = typer.Typer(
    name="mcda",
    help="Prepare a negotiation: who would accept which package of terms, and why.",
    epilog="Example: mcda rank workbooks/ceasefire_talks.xlsx",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from mcda import __version__

        print(f"mcda {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Prepare a negotiation: who would accept which package of terms, and why."""


for verbs in (cases, results, sync, watch, restore, documents):
    verbs.register(app)


def main() -> None:
    """Run the command line."""
    plain.use_plain_characters_where_needed(sys.stdout, sys.stderr)
    if hasattr(signal, "SIGPIPE"):
        # A reader such as `head` that has had enough ends the program, as it does any other.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:
        shell.tell(f"The result cannot be written: {error.strerror or error}.")
        # What is still waiting to be written must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(shell.USAGE)
    except KeyboardInterrupt:
        sys.exit(shell.INTERRUPTED)
