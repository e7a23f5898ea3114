"""The probe tells a start with a debugger's asyncio and clumsy arguments from a plain one."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench

# Like PyCharm's debugger, which brings a copy of nest_asyncio.
DEBUGGER = """
import asyncio
import runpy
import sys


def run(main, *, debug=False):
    return asyncio.get_event_loop().run_until_complete(main)


asyncio.run = run
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_the_probe_shows_arguments_and_who_replaced_asyncio(tmp_path):
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["environment-debugger"].probe
    assert probe is not None
    snippet = Renderer(content, catalog).probe(probe.template, {})
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text("import debugger_present\n")
    (tmp_path / "pydevd.py").write_text(DEBUGGER)
    bench = Bench(tmp_path, fixed=True)
    plain = bench.run("main.py").stderr.splitlines()
    debugged = bench.run("pydevd.py", "main.py", "main:app --reload").stderr.splitlines()
    assert f"started: working directory: {tmp_path}" in plain
    assert "started: debuggers: none" in plain
    assert any(line.endswith("asyncio/runners.py") for line in plain)
    assert "  [main:app --reload]" in debugged
    assert any(line.endswith("pydevd.py") and "asyncio.run" in line for line in debugged)
