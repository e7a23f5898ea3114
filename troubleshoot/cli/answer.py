"""`troubleshoot answer`."""

# What typer reads of a signature it would have to compile if this put off the evaluation of annotations.
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from troubleshoot.cli.common import AnswerFormat, examined, exit_code, handed_over, load, write
from troubleshoot.cli.options import Answers, AnswersFile, App, Complaint, Findings, Interpreter, Logs, Source
from troubleshoot.errors import UsageError
from troubleshoot.investigation.intake import TOP

if TYPE_CHECKING:
    from troubleshoot.investigation.intake import Intake


def answer_command(
    context: typer.Context,
    complaint: Complaint = "",
    log: Logs = None,
    source: Source = None,
    findings: Findings = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    app: App = None,
    python: Interpreter = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many causes to name at most.")] = TOP,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help="Lines of JSON with `id`, and `text`, `log` or `source`; - is standard input. A line answers each.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="How many processes answer a batch.", show_default="all"),
    ] = None,
    format: Annotated[AnswerFormat, typer.Option("--format", help="How to write the answer.")] = AnswerFormat.text,  # noqa: A002
) -> None:
    """Answer what was handed over, or each line of a batch."""
    intake = handed_over(complaint, log, source, findings, answer, answers, app, python)
    if batch is not None:
        if not intake.is_empty or python is not None or format is not AnswerFormat.text:
            raise UsageError("--batch has all that is handed over in its lines; it goes with --top and --jobs only")
        from troubleshoot.cli.batch import answer_batch, processors

        answer_batch(context, batch, top, jobs or processors())
    if jobs is not None:
        raise UsageError("--jobs goes with --batch")
    if intake.is_empty:
        raise UsageError(
            "nothing to go by: describe what is wrong, or add --log, --source, --findings, --app or --answer"
        )
    print_answer(context, intake, top, format)


def print_answer(context: typer.Context, intake: "Intake", top: int, written: AnswerFormat) -> NoReturn:
    """Print the answer to `intake` with at most `top` causes, and exit with the code that says what it came to."""
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.investigation.answer import answer as compute

    content, catalog = load(context)
    session = examined(catalog, content, intake)
    renderer = Renderer(content, catalog)
    result = compute(session, renderer, top, intake.source)
    if written is AnswerFormat.json:
        from troubleshoot.formats import json

        write(json.write(result))
    elif written is AnswerFormat.markdown:
        from troubleshoot.formats import markdown

        write(markdown.write(result))
    elif written is AnswerFormat.prompt:
        from troubleshoot.formats import prompt

        write(prompt.write(result, session.given))
    else:
        from troubleshoot.ui.answers import show

        show(result)
    raise typer.Exit(exit_code(result))
