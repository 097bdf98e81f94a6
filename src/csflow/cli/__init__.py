"""The command line: one file a command. Door: typer.

Exit codes: 0 clean; 1 findings; 2 usage, missing file or missing extra; 3 an error inside csflow.
"""

import gc
import sys

import typer

from csflow.cli import (
    calendar,
    check,
    decide,
    demo,
    explain,
    format,
    graph,
    handbook,
    init,
    quote,
    run,
    schema,
    test,
    watch,
)
from csflow.cli.options import Quit

app = typer.Typer(
    name="csflow",
    help="After-sale policy as code: check it, try it, see why. 售后政策即代码。",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = (check, test, decide, quote, run, explain, demo, calendar, format, schema, init, watch, handbook, graph)
for command in COMMANDS:
    app.command(name=command.__name__.rpartition(".")[2], help=command.HELP)(command.run)


def main() -> None:
    """Run the command line; `csflow` in a shell."""
    for stream in (sys.stdout, sys.stderr):
        # Chinese must come out whatever the shell's locale says; a sign it cannot show is escaped.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # A pack lives as long as the command: to look through it for garbage while it grows takes as long as to read it.
    gc.set_threshold(200_000, 50, 50)
    try:
        app()
    except Quit as stop:
        sys.exit(stop.code)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:  # a bug in csflow: never a user's mistake
        import traceback

        traceback.print_exc()
        print(f"csflow: internal error: {error!r}; please report it with the text above", file=sys.stderr)
        sys.exit(3)
