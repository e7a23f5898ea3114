"""Ordinary input of each kind, taken from where the project has it already: what is varied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from tests.inspect.shop import SHOP
from troubleshoot.catalog.content import PACKAGE, Content, find_content
from troubleshoot.catalog.loading import load
from troubleshoot.detectors import detectors
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.inspection.run import inspect
from troubleshoot.inspection.target import Target
from troubleshoot.model import Catalog
from troubleshoot.sources.logs import Wanted

ROOT = Path(__file__).resolve().parents[2]
FILE = "# file: "
"""Opens one of several source files in one input; its name follows."""
LARGEST_SEED = 8_000


@cache
def content() -> Content:
    """The knowledge of this checkout."""
    return find_content()


@cache
def catalog() -> Catalog:
    """The knowledge of this checkout, compiled."""
    return load(content())


@cache
def wanted() -> Wanted:
    """What is looked for in logs, made once."""
    return Wanted.all_of(catalog())


@cache
def renderer() -> Renderer:
    """What renders the templates of this checkout."""
    return Renderer(content(), catalog())


def _few(texts: Sequence[str]) -> list[bytes]:
    return [text.encode()[:LARGEST_SEED] for text in dict.fromkeys(texts)]


@cache
def logs() -> list[bytes]:
    """The examples of the knowledge, alone and below a frame, and whole logs."""
    examples = [
        text for cause in catalog().causes.values() for text in (*cause.examples.matches, *cause.examples.rejects)
    ]
    header = 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in f\n    do(token="abcdef123")\n'
    files = [ROOT / "tests/readme/app.log", *sorted((ROOT / "tests/engine/tracebacks").rglob("*.*"))]
    whole = [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]
    return _few([*whole, *examples, *(f"{header}{text}\n" for text in examples)])


@cache
def complaints() -> list[bytes]:
    """What people say, log, and paste."""
    said = [phrase for cause in catalog().causes.values() for phrase in cause.phrases[:5]]
    pasted = [f"# My app\n\n{said[0]}\n\n```python\n{source.decode()}\n```\n" for source in sources()[::20]]
    return [*_few([*said, *pasted]), *logs()[::3]]


@cache
def yaml() -> list[bytes]:
    """Answers, and the knowledge itself."""
    written = [path.read_text() for path in sorted(content().knowledge.rglob("*.yaml"))[::8]]
    chosen = [f"{name}: {next(iter(known.options))}" for name, known in catalog().questions.items()]
    some = "\n".join(chosen[:20])
    special = 'version.fastapi: "0.95.1"\nsymptom: none\ntell: none\nhelped: no:websocket/disconnect-not-handled\n'
    return _few([*written, *chosen, some, special, json.dumps({"symptom": next(iter(catalog().symptoms))})])


@cache
def settings() -> list[bytes]:
    """Settings in a pyproject.toml."""
    cause = "performance/blocking-call-in-async-endpoint"
    return _few(
        [
            f'[tool.troubleshoot]\nexclude = ["tests/**", "!a"]\nselect = ["database"]\nignore = ["{cause}"]\n',
            '[tool.troubleshoot]\nbaseline = "known.json"\nknowledge = "pack"\n[tool.troubleshoot.watch]\n'
            f'"{cause}" = ["mylib.fetch", "a.*"]\n',
            f'tool.troubleshoot = {{select = ["{cause}"], watch = {{"{cause}" = []}}}}\n',
            (ROOT / "pyproject.toml").read_text(),
        ]
    )


@cache
def versions() -> list[bytes]:
    """Files that name versions; the first line is the name."""
    pins = 'fastapi==0.95.1\nstarlette>=0.20,<1 ; python_version < "3.12"\nsqlalchemy[asyncio] ~= 2.0\n-r x\n'
    lock = '[[package]]\nname = "fastapi"\nversion = "0.95.1"\nsource = { registry = "https://x" }\n'
    texts = {
        "uv.lock": lock,
        "poetry.lock": lock,
        "pylock.toml": lock.replace("package", "packages"),
        "Pipfile.lock": json.dumps({"default": {"fastapi": {"version": "==0.95.1"}}, "develop": {}}),
        "requirements.txt": pins,
        "requirements-dev.txt": f"{pins}fastapi @ https://x/fastapi-0.95.1-py3-none-any.whl\n",
        "environment.yml": "dependencies:\n- fastapi=0.95.1\n- pip:\n  - uvicorn==0.20\n",
        "pyproject.toml": '[project]\nrequires-python = ">=3.10"\ndependencies = ["fastapi>=0.95"]\n'
        '[tool.poetry.dependencies]\nfastapi = {version = "^0.95"}\n[dependency-groups]\na = ["uvicorn==0.20"]\n',
        "setup.cfg": "[options]\ninstall_requires =\n  fastapi==0.95.1\n[options.extras_require]\na = uvicorn==0.20\n",
    }
    names = [*texts, *["pdm.lock", "requirements/base.txt", "environment.yaml"]]
    return _few([f"{name}\n{text}" for name in names for text in texts.values()])


@cache
def findings() -> list[bytes]:
    """What other tools found: a result of each rule that the knowledge names."""
    results: dict[str, list[object]] = {}
    for cause in catalog().causes.values():
        for tool, rules in cause.rules.items():
            where = {
                "artifactLocation": {"uri": "file:///srv/a%20b.py"},
                "region": {"startLine": 3},
            }
            location = {"physicalLocation": where, "logicalLocations": [{"fullyQualifiedName": "a.f"}]}
            results.setdefault(tool, []).extend(
                {"ruleId": rule, "ruleIndex": 0, "level": "error", "message": {"text": "why"}, "locations": [location]}
                for rule in rules
            )
    rule = {"id": "a", "defaultConfiguration": {"level": "note"}, "properties": {"security-severity": "7.5"}}
    return [
        json.dumps(
            {
                "version": "2.1.0",
                "runs": [{"tool": {"driver": {"name": tool, "rules": [rule]}, "extensions": []}, "results": found[:6]}],
            }
        ).encode()
        for tool, found in results.items()
    ]


@cache
def sessions() -> list[bytes]:
    """Kept sessions: one of everything that can be observed, and a short one."""
    cause, other = list(catalog().causes)[:2]
    question = next(iter(catalog().questions.values()))
    option = next(iter(question.options))
    kinds = ("signal", "resemblance", "tell", "reading", "outcome", "finding", "clean", "version")
    values = dict(zip(kinds, ("supports", "", "yes", "sure", "no", "warning", "", "inside"), strict=True))
    observed = [
        {
            "kind": kind,
            "subject": cause,
            "value": values[kind],
            "key": "1",
            "degree": 0.5,
            "source": "log",
            "location": "app.log:3",
            "what": "a line",
            "captured": {"path": "/x", "function": "f", "line": "3"},
        }
        for kind in kinds
    ]
    whole = {
        "schema": 1,
        "observed": observed,
        "skipped": [{"source": "log", "location": "app.log", "why": "it is empty"}],
        "steps": [
            {"question": question.id, "option": option, "shown": []},
            {"question": "tell", "option": "none", "shown": [cause, other]},
        ],
        "outcomes": {other: "no"},
        "versions": [{"package": "fastapi", "text": "0.95.1", "trust": "lock", "location": "uv.lock"}],
    }
    short = {**whole, "observed": observed[:1], "skipped": [], "steps": [], "outcomes": {}}
    return [json.dumps(value).encode() for value in (whole, short)]


@cache
def baselines() -> list[bytes]:
    """A baseline of two findings."""
    entry = {"path": "main.py", "cause": "database/n-plus-one", "function": "f", "line": "x=1", "count": 2}
    return [json.dumps({"schema": 1, "findings": [entry, {**entry, "path": "b.py"}]}).encode()]


@cache
def ignores() -> list[bytes]:
    """What is written into a .gitignore."""
    return _few(
        [
            "# built\n*.pyc\n/app/\n!app/main.py\na/**/c.py\n[a-c]*/\n\\#x\na\\ b.py \n",
            "*\n!*.py\n!*/\n",
            "**/b\n?pp/main.p[!a]\n/main.py\n",
        ]
    )


@cache
def sources() -> list[bytes]:
    """What the detectors are shown, and files of this package; each an application."""
    shown = [
        "".join(f"{FILE}{name}\n{text}" for name, text in files.items())
        for detector in detectors().values()
        for files in (detector.BROKEN, detector.FIXED)
    ]
    own = [path.read_text() for path in sorted(PACKAGE.rglob("*.py"))[::40]]
    return _few([f"{FILE}main.py\n{SHOP}", *shown, *own])


@cache
def descriptions() -> list[bytes]:
    """What `inspect` is told of an application."""
    place = Path("shop")
    place.mkdir()
    (place / "shop.py").write_text(SHOP)
    _, application = inspect(Target.of("shop:app", place))
    return [json.dumps(asdict(application)).encode()]


@cache
def templates() -> list[bytes]:
    """Each fix and each probe with its defaults."""
    fixes = {
        f"{cause.id}#{name}": fix.parameters for cause in catalog().causes.values() for name, fix in cause.fixes.items()
    }
    probes = {question.id: question.probe.parameters for question in catalog().questions.values() if question.probe}
    return [
        json.dumps({"of": name, "set": {key: item.default for key, item in parameters.items()}}).encode()
        for name, parameters in (fixes | probes).items()
        if parameters
    ]


@cache
def commands() -> list[bytes]:
    """Command lines, their words separated by NUL."""
    causes = list(catalog().causes)[::40]
    lines = [
        *("answer\0my websocket drops", "answer\0--log\0-\0--format\0json", "answer\0--log\0app.log\0--top\02"),
        *("answer\0x\0--answers\0answers.yaml", "answer\0--answer\0symptom=none\0--format\0markdown", "list"),
        *("answer\0x\0--findings\0ruff.sarif", "answer\0--source\0app\0drops", "list\0--family\0database"),
        *("scan\0app", "scan\0app\0main.py\0--format\0sarif\0--severity\0error", "scan\0--select\0database\0app"),
        *("scan\0app\0--diff\0--unsafe-fixes", "scan\0app\0--fix", "scan\0app\0--write-baseline\0known.json"),
        *("scan\0app\0--baseline\0known.json\0--format\0github", "--version", "--help", "", "--plain", "-h"),
        *("--resume\0kept.json", "--knowledge\0pack\0list", "list\0--format\0json", "knowledge\0tree\0--depth\01"),
        *("probe\0x", "probe", "--save\0kept.json\0--log\0-"),
    ]
    for cause in causes:
        lines += [f"explain\0{cause}", f"explain\0{cause}\0--format\0json", f"fix\0{cause}\0--defaults"]
        lines += [f"fix\0{cause}\0--source\0app\0--apply", f"fix\0{cause}\0--set\0path=a\0-o\0fix.py\0--force"]
    return [line.encode() for line in lines]
