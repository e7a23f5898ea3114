"""What `fix` and `scan` share when they change source."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from troubleshoot.cli.common import is_drawn
from troubleshoot.errors import UsageError

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.cli.looking import Look
    from troubleshoot.code.files import Files
    from troubleshoot.code.project import Project
    from troubleshoot.code.scan import ScanReport
    from troubleshoot.code.search import Found, Patchable, Sketch
    from troubleshoot.code.settings import Settings
    from troubleshoot.code.sighting import Sighting
    from troubleshoot.code.standing import Standing
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.model import Catalog, Finding, Proposal
    from troubleshoot.patching.proposals import Patcher

MOST_ROUNDS = 10
"""How often the source is looked at again after changes; each round makes those that compose."""


def renderer_of(content: Content, catalog: Catalog) -> Renderer:
    """Return what renders the templates of `content`."""
    from troubleshoot.fixes.rendering import Renderer

    return Renderer(content, catalog)


def patchable_with(renderer: Callable[[], Renderer]) -> Patchable:
    """Return what tells a search which findings can be patched, and how; nothing is loaded until it is asked."""

    def patchable(cause: str, sighting: Sighting, project: Project) -> Sketch | None:
        from troubleshoot.patching.sketches import sketched

        return sketched(renderer(), cause, sighting, project)

    return patchable


def patcher_for(files: Files, settings: Settings, renderer: Renderer, found: Found | None) -> Patcher:
    """Return what makes proposals for `files`, in which a search, if there was one, has `found` these."""
    from troubleshoot.patching.proposals import Patcher

    return Patcher(files, renderer, settings.watch, found=found)


def findings_at(found: Sequence[Finding], place: str, standing: Standing) -> list[Finding]:
    """Return the findings at `PATH:LINE`, or all without a place. Raises `UsageError` if there is none."""
    if not place:
        return list(found)
    path, _, line = place.rpartition(":")
    if not path or not line.isascii() or not line.isdigit():
        raise UsageError(f"--at {place}: expected PATH:LINE, such as app/main.py:12")
    wanted = Path(path).as_posix()
    matching = [
        item
        for item in found
        if item.line <= int(line) <= item.end_line
        and wanted in (item.path, standing.path(item.path), standing.whole(item.path))
    ]
    if not matching:
        places = ", ".join(f"{standing.path(item.path)}:{item.line}" for item in found[:5]) or "it is nowhere"
        raise UsageError(f"--at {place}: the cause is not seen there; seen at {places}")
    return matching


def show_diff(changes: Mapping[str, bytes], standing: Standing) -> None:
    """Write changes as a unified diff from where the person stands, coloured on a terminal, byte by byte elsewhere."""
    from troubleshoot.patching.diffs import diff_of, diff_text

    changes = {standing.path(path): data for path, data in changes.items()}
    if is_drawn():
        from troubleshoot.ui.page import show_diff as draw

        draw(diff_text(changes, standing.data))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(diff_of(changes, standing.data))
        sys.stdout.buffer.flush()


def say(proposals: Sequence[Proposal], standing: Standing, *, applied: bool = False) -> None:
    """Tell on standard error what is said beside a diff: of each proposal, and of all what is left to do."""
    from troubleshoot.formats.changes import remarks

    left: dict[str, None] = {}
    for proposal in proposals:
        finding = proposal.finding
        place = f"{standing.path(finding.path)}:{finding.line}"
        if proposal.withheld:
            typer.echo(f"{place}: no change for {finding.cause}: {proposal.withheld}", err=True)
        elif applied:
            typer.echo(f"{place}: changed for {finding.cause}", err=True)
            left.update(dict.fromkeys(proposal.remains))
        else:
            typer.echo(f"{place}: {finding.message}", err=True)
            for remark in remarks(proposal):
                typer.echo(f"  - {remark}", err=True)
    if left:
        typer.echo("Left for you to do:", err=True)
        for text in left:
            typer.echo(f"  - {text}", err=True)


def with_proposals(report: ScanReport, patcher: Patcher) -> ScanReport:
    """Return `report` with a proposal for each finding that can be patched."""
    from dataclasses import replace

    wanted = [item for item in report.findings if item.patch]
    return replace(report, proposals=tuple(patcher.proposals(wanted)) if wanted else ())


def with_known_proposals(
    report: ScanReport, files: Files, content: Content, settings: Settings, patcher: Callable[[], Patcher]
) -> ScanReport:
    """Return `report` as `with_proposals` does; what was proposed for the same files before is remembered."""
    from dataclasses import replace

    from troubleshoot.code.remembered import Memory
    from troubleshoot.patching.remembered import Proposals

    wanted = sorted(item for item in report.findings if item.patch)
    memory = Proposals(Memory(files, content, settings.watch, ".proposed", wanted), wanted)
    known = memory.recall() if wanted else ()
    if known is not None:
        return replace(report, proposals=known)
    report = with_proposals(report, patcher())
    memory.remember(report.proposals)
    return report


def show_all(report: ScanReport, patcher: Patcher, standing: Standing, *, unsafe: bool) -> None:
    """Show the changes for all findings that can be patched, as one diff."""
    proposals = _wanted(with_proposals(report, patcher).proposals, unsafe=unsafe)
    changes, taken = patcher.together(proposals)
    show_diff(changes, standing)
    say([item for item in proposals if item.withheld], standing)
    more = len([item for item in proposals if item.changes]) - len(taken)
    typer.echo(f"{len(taken)} of {len(report.findings)} findings would be put right", err=True)
    if more:
        typer.echo(f"{more} more after these, for they change the same lines", err=True)


def apply_all(
    report: ScanReport,
    files: Files,
    look: Look,
    patcher: Callable[[Files, ScanReport], Patcher],
    standing: Standing,
    *,
    unsafe: bool,
) -> tuple[ScanReport, Files]:
    """Make the changes for all findings that can be patched, looking again after each round; return the last look."""
    from troubleshoot.patching.writing import write_changes

    done: list[Proposal] = []
    withheld: Sequence[Proposal] = ()
    for _ in range(MOST_ROUNDS):
        maker = patcher(files, report)
        proposals = _wanted(with_proposals(look.told(report), maker).proposals, unsafe=unsafe)
        withheld = [item for item in proposals if item.withheld]
        changes, taken = maker.together(proposals)
        if not changes:
            break
        write_changes(Path(files.root), changes, files.data)
        done += taken
        report, files = look()
    say([*done, *withheld], standing, applied=True)
    changed = len({path for item in done for path in item.changes})
    what = f"{len(done)} finding{'s' if len(done) != 1 else ''}"
    typer.echo(f"{what} put right in {changed} file{'s' if changed != 1 else ''}", err=True)
    return report, files


def _wanted(proposals: Sequence[Proposal], *, unsafe: bool) -> list[Proposal]:
    return [item for item in proposals if unsafe or item.safety == "safe"]
