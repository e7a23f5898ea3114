"""`troubleshoot knowledge …`: for people who write it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import ListFormat, load, on_terminal, write
from troubleshoot.cli.packs import content_of, tell
from troubleshoot.errors import AnswerNeededError, ExitCode, UsageError

if TYPE_CHECKING:
    from troubleshoot.model import Catalog

TELL = "What can somebody hold against their own code (a sentence)?"
NEEDED = {
    "title": "What is wrong, as a title?",
    "tell": TELL,
    "phrase": "How does somebody say it who has it?",
    "line": "Which line of a log shows it?",
}
"""What `new` asks for, and must be told by options where there is no terminal."""


class Kind(str, Enum):
    """A kind of file."""

    cause = "cause"
    symptom = "symptom"
    question = "question"
    family = "family"


STEP = 25
"""Pages after which progress is shown."""

app = typer.Typer(name="knowledge", rich_markup_mode=None, add_completion=False)


@app.command("check")
def check_command(
    context: typer.Context,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Also tell of patterns and examples that could go unnoticed.")
    ] = False,
) -> None:
    """Check every file of the knowledge: form, references, patterns, templates; tell what is weak."""
    from troubleshoot.authoring.checking import check
    from troubleshoot.authoring.weaknesses import questions_for_nobody, shown_pairs, unnoticed

    content = content_of(context)
    write(check(content))
    catalog = load(context)[1]
    for warning in (*shown_pairs(catalog), *questions_for_nobody(catalog), *(unnoticed(catalog) if thorough else ())):
        tell(f"warning: {warning}")


@app.command("test")
def try_command(
    context: typer.Context,
    causes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CAUSE]…", help="Only of these.", autocompletion=completing.causes),
    ] = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Also run their reproductions: broken, wrongly mended, repaired.")
    ] = False,
) -> None:
    """Run the knowledge's own examples, and tell what is still to write of a cause that was begun."""
    from troubleshoot.authoring.examples import run_examples
    from troubleshoot.catalog.naming import find_cause

    if prove and not causes:
        raise UsageError("--prove runs applications, which takes minutes for all: name the causes")
    content, catalog = load(context)
    only = [find_cause(catalog, name) for name in causes or ()]
    report = run_examples(content, catalog, only)
    if prove and not report.failed:
        from troubleshoot.authoring.proving import proofs

        report = proofs(content, catalog, only)
    write(report.text)
    raise typer.Exit(ExitCode.KNOWLEDGE if report.failed else ExitCode.NAMED)


@app.command("alike")
def alike_command(context: typer.Context) -> None:
    """List the causes that share a main symptom and that no question tells apart, a pair a line."""
    from troubleshoot.engine.differential import alike

    _, catalog = load(context)
    for pair in alike(catalog):
        write(" ".join(pair) + "\n")


@app.command("tree")
def tree_command(
    context: typer.Context,
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, metavar="N", help="Questions in a row, at most.")] = 2,
    symptom: Annotated[
        str | None,
        typer.Option("--symptom", metavar="ID", help="Start from this symptom.", autocompletion=completing.symptoms),
    ] = None,
) -> None:
    """Unroll the dialogue into the decision tree that it is."""
    from troubleshoot.authoring.tree import tree

    _, catalog = load(context)
    for line in tree(catalog, depth, symptom):
        write(line + "\n")


@app.command("site")
def site_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pages in a folder that has some; other files stay.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Where it will be served; makes a sitemap and canonical addresses."),
    ] = None,
) -> None:
    """Write the knowledge as pages to read and search, which need no network."""
    from troubleshoot.site.pages import Site, address_of
    from troubleshoot.site.writing import write_site

    address = address_of(url) if url is not None else ""
    content, catalog = load(context)
    files = Site(content, catalog, address).files()
    sizes = write_site(folder, _told(files) if sys.stderr.isatty() else files, force=force)
    write(f"{folder / 'index.html'}\n")
    typer.echo(f"wrote {folder}: {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB", err=True)


def _told(files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield `files`, and say in the terminal how far that is."""
    from troubleshoot.ui.progress import status

    try:
        for number, file in enumerate(files, start=1):
            if number % STEP == 0:
                status(f"writing page {number}")
            yield file
    finally:
        status("")


@app.command("stats")
def stats_command(
    context: typer.Context,
    format: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,  # noqa: A002
) -> None:
    """Count what is known, by family."""
    from troubleshoot.authoring import stats

    counts = stats.stats(load(context)[1])
    write(stats.write_json(counts) if format is ListFormat.json else stats.write_text(counts))


@app.command("schema")
def schema_command(
    kind: Annotated[Kind, typer.Argument(metavar="[cause|symptom|question|family]")] = Kind.cause,
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    import json

    from troubleshoot.authoring.schema import schema_of

    write(json.dumps(schema_of(kind.value), indent=2) + "\n")


@app.command("new")
def new_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FAMILY/NAME", help="The id of the cause.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What is wrong.")] = "",
    tell: Annotated[str, typer.Option("--tell", metavar="TEXT", help="What one can hold against one's code.")] = "",
    phrase: Annotated[str, typer.Option("--phrase", metavar="TEXT", help="How somebody says it.")] = "",
    line: Annotated[str, typer.Option("--line", metavar="TEXT", help="A line of a log that shows it.")] = "",
    symptom: Annotated[
        str,
        typer.Option(
            "--symptom",
            metavar="ID",
            help="What one sees; begun as well if it is not known.",
            show_default="one of the cause's own",
            autocompletion=completing.symptoms,
        ),
    ] = "",
    knowledge: Annotated[
        Path | None,
        typer.Option("--knowledge", metavar="DIR", help="The folder to write into; made if it is not there."),
    ] = None,
) -> None:
    """Begin a cause: what is known of it, a template for its fix, and a reproduction that proves it."""
    from troubleshoot.authoring import scaffold

    root = _root(context, knowledge)
    catalog = _with(context, root)
    scaffold.check_name(name, catalog)
    said = _asked({"title": title, "tell": tell, "phrase": phrase, "line": line})
    draft = scaffold.Draft(id=name, symptom=symptom or name.partition("/")[2], **said)
    schemas = [path.stem for path in (root / scaffold.SCHEMAS).glob("*.json")]
    files = scaffold.files_of(draft, catalog, schemas)
    scaffold.write_all(root, files)
    for written in files:
        write(f"{root / written}\n")


def _root(context: typer.Context, folder: Path | None) -> Path:
    """Return the folder that knowledge is written into. Raises `UsageError` if none is named, nor a checkout in use."""
    from troubleshoot.catalog.content import PACKAGE, find_content

    if folder is not None or context.obj.folders:
        return folder or Path(context.obj.folders[-1])
    root = find_content().knowledge.parent
    if root == PACKAGE:
        raise UsageError("say with --knowledge DIR where your own knowledge is; it is made if it is not there")
    return root


def _with(context: typer.Context, root: Path) -> Catalog:
    """Return what is known, with what stands in `root` already."""
    from troubleshoot.catalog.content import find_content, together
    from troubleshoot.catalog.loading import load as compiled

    packs = list(content_of(context).folders)
    if (root / "knowledge").is_dir() and (root / "templates").is_dir():
        packs.append(find_content(root))
    return compiled(together(packs))


def _asked(said: dict[str, str]) -> dict[str, str]:
    """Return what was said, with what was asked for where it was not. Raises `AnswerNeededError`."""
    missing = [name for name, text in said.items() if not text.strip()]
    if missing and not on_terminal():
        options = ", ".join(f"--{name}" for name in missing)
        raise AnswerNeededError(f"there is no terminal to ask on; say it with {options}")
    if not missing:
        return said
    from troubleshoot.ui.askers import new_asker

    asker = new_asker(plain=False)
    return said | {name: asker.write(NEEDED[name], check=_is_said) for name in missing}


def _is_said(text: str) -> str:
    return "" if text.strip() else "say something"
