"""The way in: runs the command line, and turns whatever goes wrong into one sentence and an exit code."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress

if __name__ == "__main__":
    # `python -m` looks for modules in the current folder first, and that is somebody's project, not ours to run.
    here = ("", os.getcwd())  # noqa: PTH109 - to import pathlib would be to look there
    sys.path[:] = [place for place in sys.path if place not in here]


def main() -> None:
    """Run `troubleshoot` and exit, without taking the process apart first, which takes a tenth of an answer's time.

    What is to be closed has been, but for what other threads and processes do; mypy ends in this way, too.
    """
    code = run()
    if "multiprocessing" in sys.modules or threading.active_count() > 1:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        # A descriptor that was closed before the start has no stream.
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(code)


def run() -> int:
    """Run the command line and return the exit code; nothing is raised."""
    try:
        return _run()
    except KeyboardInterrupt:
        _say("interrupted")
        return 130
    except BrokenPipeError:
        # The reader has had enough (`| head -1`). Python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        _say("not enough memory")
        return 70


def _run() -> int:
    # Starting up allocates a lot and frees nothing, so looking for garbage meanwhile is time lost.
    gc.set_threshold(100_000)
    import typer

    from troubleshoot import program, streams
    from troubleshoot.cli import completing, offer
    from troubleshoot.errors import ExitCode, KnowledgeError, TroubleshootError

    streams.prepare()
    if completing.WORDS in os.environ:
        completing.join_words()
    try:
        code = offer()(prog_name=program.name(), standalone_mode=False)
        sys.stdout.flush()
    except KnowledgeError as error:
        from troubleshoot.redaction import plain

        print(plain(str(error)), file=sys.stderr)  # noqa: T201 - file:line: message, as editors and CI read it
        return error.exit_code
    except TroubleshootError as error:
        _say(str(error))
        return error.exit_code
    except SystemExit:
        # How typer ends when standard output was closed early; it returns every other exit code.
        raise BrokenPipeError from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        _say(error.format_message())
        at = getattr(error, "ctx", None)
        _say(f"`{at.command_path if at else program.name()} --help` lists what there is.")
        return ExitCode.USAGE
    except (BrokenPipeError, MemoryError):
        raise
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        _say(f"{error.filename or 'standard output'}: {error.strerror}")
        return ExitCode.USAGE
    except Exception as error:
        if os.environ.get("TROUBLESHOOT_DEBUG"):
            raise
        _say(f"a bug in troubleshoot: {type(error).__name__}: {error}. Set TROUBLESHOOT_DEBUG=1 to see where.")
        return ExitCode.BUG
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return int(code or 0)


def _say(text: str) -> None:
    from troubleshoot.redaction import plain

    for line in plain(text).splitlines() or [""]:
        print(f"troubleshoot: {line}", file=sys.stderr)  # noqa: T201 - the one place that speaks of errors


if __name__ == "__main__":
    main()
