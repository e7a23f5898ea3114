"""Ordinary mistakes in the user's own code are named with the user's own line, and never taken for something else.

The logs in `tracebacks/` are what applications and libraries print, in containers, on Windows, under conda, Poetry or
Lambda, as journald, docker compose or a JSON logger write it down.
"""

import json
from pathlib import Path

LOGS = Path(__file__).parent / "tracebacks"
CASES = {
    "environment/incompatible-library-versions": {
        "markupsafe-under-jinja": "views.py:1",
        "pydantic-2-under-old-fastapi": "main.py:1",
        "starlette-without-on-startup": "main.py:3",
    },
    "environment/installed-version-older-than-docs": {
        "fastapi-sse": "main.py:2",
        "openapi-examples": "main.py:6",
    },
    "environment/own-file-shadows-package": {
        "email-py": "main.py:1",
        "fastapi-py": "fastapi.py:1",
    },
    "environment/package-not-in-environment": {
        "redis-not-installed": "main.py:2",
    },
    "environment/relative-import-in-script": {
        "relative-import": "main.py:3",
        "started-inside-package": "main.py:3",
    },
    "own-code/attribute-of-none": {
        "none-attr": "main.py:67",
        "none-call": "main.py:94",
        "none-sub": "main.py:72",
        "none-unpack": "main.py:88",
    },
    "own-code/endless-recursion": {
        "recursion": "services.py:51",
    },
    "own-code/file-not-found": {
        "file": "main.py:201",
        "model-in-lifespan": "main.py:8",
    },
    "own-code/key-or-index-missing": {
        "dependency": "main.py:453",
        "during": "main.py:449",
        "environ-at-import": "main.py:5",
        "index": "main.py:54",
        "key-dict": "main.py:42",
        "mw": "main.py:34",
        "notebook": "2871463940.py:6",
        "pandas-key": "main.py:61",
    },
    "own-code/name-or-import-missing": {
        "late-import": "main.py:116",
        "name": "main.py:99",
        "name-at-import": "main.py:7",
        "unbound": "main.py:106",
    },
    "own-code/service-unreachable": {
        "aiohttp": "main.py:287",
        "boto-credentials": "main.py:294",
        "httpx-refused": "main.py:231",
        "httpx-timeout": "main.py:239",
        "openai-auth": "main.py:323",
        "redis": "main.py:309",
        "requests-refused": "main.py:254",
        "smtp-auth": "main.py:271",
        "stripe": "main.py:332",
    },
    "own-code/unhandled-exception": {
        "assert": "main.py:363",
        "asyncio-timeout": "services.py:47",
        "background": "services.py:55",
        "cuda-out-of-memory": "predict.py:27",
        "custom": "main.py:368",
        "group": "services.py:64",
        "jinja-missing": "main.py:384",
        "module-attr": "main.py:111",
        "not-implemented": "services.py:31",
        "numpy": "main.py:416",
        "own-value": "main.py:410",
        "permission": "uploads.py:18",
        "stop": "main.py:405",
        "zero": "services.py:55",
    },
    "own-code/value-not-parsable": {
        "image": "main.py:190",
        "int-empty": "main.py:153",
        "json-empty": "main.py:142",
        "json-requests": "main.py:148",
        "strptime": "main.py:163",
        "unicode": "main.py:173",
    },
    "own-code/wrong-arguments": {
        "args-many": "main.py:127",
        "args-missing": "main.py:122",
    },
}
"""For each cause the logs that show it, and the line of the user's own that must be named."""
WANTED = {name: (cause, line) for cause, lines in CASES.items() for name, line in lines.items()}
MAY_MISS = 3


def test_ordinary_mistakes_are_named_with_the_users_own_line(run):
    assert sorted(path.stem for path in LOGS.glob("*.log")) == sorted(WANTED)
    lines = [json.dumps({"id": name, "log": (LOGS / f"{name}.log").read_text()}) for name in WANTED]
    _, out, _ = run("answer", "--batch", "-", stdin="\n".join(lines))
    answers = {answer["id"]: answer for answer in map(json.loads, out.splitlines())}
    missed, misread = [], []
    for name, (cause, line) in WANTED.items():
        first = answers[name]["diagnosis"][0] if answers[name]["diagnosis"] else {"cause": "", "line": None}
        place = "{path}:{line}".format_map(first["line"] or {"path": "", "line": 0})
        if first["cause"] != cause or not place.endswith(line):
            missed.append(name)
        if answers[name]["status"] == "diagnosed" and first["cause"] != cause:
            misread.append((name, first["cause"]))
    assert misread == []
    assert len(missed) <= MAY_MISS, missed
