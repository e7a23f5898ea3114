"""The answer as one JSON object, schema 1; the topic `json` has its keys, and changing one needs a new number."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from troubleshoot.formats.changes import listed
from troubleshoot.formats.objects import indented, question_as_json, skipped_as_json
from troubleshoot.investigation.answer import Answer, RankedCause, RenderedFix
from troubleshoot.model import Reason


def write(answer: Answer) -> str:
    """Return `answer` as indented JSON."""
    value = {
        "schema": 1,
        "status": answer.status,
        "named": answer.named,
        "diagnosis": [_cause(ranked) for ranked in answer.ranked],
        "commands": [asdict(command) for command in answer.commands],
        "next_question": question_as_json(answer.next_question) if answer.next_question else None,
        "versions": {
            package: {"version": version.text, "location": version.location}
            for package, version in answer.versions.items()
        },
        "skipped": skipped_as_json(answer.skipped),
    }
    return indented(value)


def _cause(ranked: RankedCause) -> dict[str, Any]:
    return {
        "cause": ranked.cause.id,
        "title": ranked.cause.title,
        "probability": round(ranked.probability, 4),
        "line": asdict(ranked.line) if ranked.line else None,
        "do_this": asdict(ranked.do_this),
        "reasons": [_reason(reason) for reason in ranked.reasons],
        "fixes": [_fix(fix) for fix in ranked.fixes],
        "changes": listed(ranked.changes),
        "references": list(ranked.cause.references),
        **({"pack": ranked.pack} if ranked.pack else {}),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    evidence = reason.evidence
    return {
        "source": evidence.source,
        "location": evidence.location,
        "what": evidence.what,
        "bits": round(reason.bits, 2),
    }


def _fix(fix: RenderedFix) -> dict[str, Any]:
    return {
        "id": fix.id,
        "title": fix.title,
        "file_name": fix.snippet.file_name,
        "language": fix.snippet.language,
        "snippet": fix.snippet.text,
        "parameters": dict(fix.parameters),
        "verified_with": dict(fix.verified_with),
        "misfit": fix.misfit,
    }
