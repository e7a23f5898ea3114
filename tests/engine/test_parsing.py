"""Reading Python of every age, and whatever else ends in .py; what holds of any input, order and number of processes."""

import ast
import os
import random
import sys
import sysconfig
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import APP, BLOCKING, write

from troubleshoot import __main__ as program
from troubleshoot.code import search as scanning_module
from troubleshoot.code.files import Files
from troubleshoot.code.scan import scan
from troubleshoot.code.search import find
from troubleshoot.code.settings import Settings
from troubleshoot.code.syntax.lowering import lowered
from troubleshoot.code.syntax.parsing import UnreadableError, parse
from troubleshoot.detectors import detectors

HEAD = "import time\nfrom fastapi import FastAPI\napp = FastAPI()\n\n"
TAIL = "\n@app.get('/')\nasync def home():\n    time.sleep(1)\n"
NEWER = {
    "3.10 match": "match x:\n    case {'a': [1, *rest], **kw} if y:\n        pass\n    case A(b=1) | None:\n        pass\n",
    "3.10 with in parentheses": "with (open('a') as f, open('b') as g):\n    pass\n",
    "3.11 except*": "try:\n    f()\nexcept* (A, B):\n    pass\nexcept *C as e:\n    pass\nexcept*D as e:\n    pass\nelse:\n    pass\n",
    "3.11 star in an index": "x: tuple[*Ts]\ny = a[*b, 1]\n",
    "3.11 star in a parameter": "def f(*args: *Ts) -> None: ...\n",
    "3.12 quotes of the same kind": """x = f"{a["b"]} {'\\n'.join(c)} {f"{f"{1}"}"}"\n""",
    "3.12 f-string on many lines": 'x = f"{\n    a["b"]  # it\'s a comment }\n    + 1\n}"\n',
    "3.12 f-string with a format": 'x = f"{a["b"]!r:>{width["c"]}} {d["e"]=} {f["g"]:%H:%M} {{}}"\n',
    "3.12 f-string of three lines": 'x = f"""\n{a["b"]}\n{c["d"]}"""\n',
    "3.12 f-string beside strings": 'x = rf"{a["b"]}\\d" "tail" f\'{a[\'c\']}\'\n',
    "3.12 f-strings beside each other on lines": 'x = (\n    "a"  # one\n    f"{b["c"]}"\n    "d"\n).strip()\n',
    "3.12 type alias": "type X = int\ntype Y[T: (int, str), *Ts, **P] = list[\n    T\n]\n",
    "3.12 generic class": "class A[T: int, *Ts](B):\n    def m[U](self, x: U) -> U: ...\n",
    "3.12 generic function on lines": "async def f[\n    T,  # the first\n    **P,\n](x: T) -> T: ...\n",
    "3.12 type is still a name": "type = 3\ntype: int = 4\nprint(type, type(type))\n",
    "3.13 defaults": "class A[T = int, **P = [int]]: ...\ntype Y[T: (int, str) = int] = list[T]\ndef f[T = int,\n](x: T): ...\n",
    "3.14 except without parentheses": "try:\n    f()\nexcept A, B:\n    pass\nexcept C.d, e[1]: pass\nfinally:\n    pass\n",
    "3.14 except* without parentheses": "try:\n    f()\nexcept* A, B:\n    pass\n",
    "3.14 template": 'x = t"hello {name}" t"x"\ny = t\'{a[\'b\']!r:>10}\'\nz = rt"\\d{1}" Tr""\nw = t""\n',
    "3.14 return in finally": "def f():\n    try:\n        pass\n    finally:\n        return 1\n",
    "3.15 lazy imports": "lazy import json\nlazy from os import (\n    path,\n)\nif x:\n    lazy import a\n    lazy import b\n",
    "3.15 unpacking in comprehensions": "x = [*a for a in b]\ny = {*a for a in b}\nz = {**a for a in b}\nf(*a for a in b)\n",
    "all at once": 'type X[T = int] = T\ndef f[T](x: T):\n    try:\n        return f"{x["a"]}"\n    except A, B:\n        return t""\n',
}


@pytest.fixture(scope="module")
def newer(tmp_path_factory, catalog, content):
    """Where a blocking call below each piece of newer syntax is found, and what could not be read."""
    folder = tmp_path_factory.mktemp("newer")
    write(folder, {f"{index:03}.py": HEAD + text + TAIL for index, text in enumerate(NEWER.values())})
    report, _ = scan([folder], Settings(), content, lambda: catalog)
    found = {item.path: item.line for item in report.findings if item.cause == BLOCKING}
    return found, {item.location.partition(":")[0]: item.why for item in report.skipped}


@pytest.mark.parametrize("name", NEWER)
def test_a_call_below_newer_syntax_is_found_on_its_line(newer, name):
    found, skipped = newer
    path = f"{list(NEWER).index(name):03}.py"
    assert skipped.get(path) is None
    assert found[path] == (HEAD + NEWER[name] + TAIL).count("\n")


INSIDE = {
    "in an f-string": '    return f"{x["a"]} {time.sleep(1)}"\n',
    "in the format of one": '    return f"{x["a"]:{time.sleep(1)}}"\n',
    "in a template": '    return t"{time.sleep(1)}"\n',
    "in one of several strings": '    return "a" f"{x["a"]}{time.sleep(1)}"\n',
    "in a handler": "    try:\n        pass\n    except A, B:\n        time.sleep(1)\n",
    "in a generic function": '    async def inner[T](): ...\n    x = f"{y["a"]}"; time.sleep(1)\n',
    "in a comprehension": "    return [*time.sleep(1) for _ in x]\n",
}


@pytest.mark.parametrize("text", INSIDE.values(), ids=INSIDE)
def test_a_call_inside_newer_syntax_is_found_on_its_line(tmp_path, catalog, content, text):
    source = APP.replace("    time.sleep(1)\n", text)
    write(tmp_path, {"main.py": source})
    report, _ = scan([tmp_path], Settings(), content, lambda: catalog)
    assert report.skipped == ()
    lines = [number for number, line in enumerate(source.splitlines(), 1) if "sleep" in line]
    assert [item.line for item in report.findings if item.cause == BLOCKING] == lines


def test_newer_syntax_is_read_in_the_encoding_that_the_file_declares(tmp_path, catalog, content):
    source = (
        "# coding: latin-1\n"
        + HEAD
        + "try:\n    f('\xe9')\nexcept A, B:\n    pass\n"
        + TAIL.replace("    time", "    'é'; time")
    )
    (tmp_path / "main.py").write_bytes(source.encode("latin-1"))
    report, _ = scan([tmp_path], Settings(), content, lambda: catalog)
    assert report.skipped == ()
    assert [(item.line, item.column) for item in report.findings] == [(source.count("\n"), 10)]


WRONG = [
    "x = f'{'\n",
    "type X =\n",
    "class A[T: ...\n",
    "except A, B:\n    pass\n",
    "lazy x\n",
    "t'{'\n",
    "def f[]: pass\n",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_no_python_accepts_is_not_made_valid(text):
    with pytest.raises(UnreadableError) as caught:
        parse(text.encode())
    assert caught.value.line == 1
    assert caught.value.why.startswith("is not valid Python: ")


# Lowering


def library():
    """Some of the standard library's modules: much Python of many hands."""
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    return random.Random(0).sample([path for path in paths if 2_000 < path.stat().st_size < 80_000], 40)


def statements(tree):
    """Where each statement of a tree starts and ends, and what it is."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            kind = type(node).__name__.replace("TryStar", "Try")
            found.append((node.lineno, node.end_lineno, kind, getattr(node, "name", "")))
    return sorted(found, key=str)


@pytest.mark.parametrize("path", library(), ids=lambda path: path.name)
def test_lowering_leaves_old_syntax_as_it_is(path):
    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(data)
        new = lowered(data)
        assert statements(ast.parse(new)) == statements(tree)
    if not any(isinstance(node, (ast.JoinedStr, *NEW_NODES)) for node in ast.walk(tree)):
        assert new == data
    assert lowered(new) == new or b"f'{0}'" in new


NEW_NODES = tuple(
    getattr(ast, name) for name in ("TryStar", "TypeAlias", "TypeVar", "TemplateStr") if hasattr(ast, name)
)

names = st.sampled_from(["a", "b.c", "d['e']", "f(g)", "ü"])


def wrapped(inner):
    """Expressions around others, old and new; several lines, quotes inside the same quotes."""
    one, two = inner, inner
    return st.one_of(
        st.builds("[{}, {}]".format, one, two),
        st.builds("({}\n + {})".format, one, two),
        st.builds("h({}, k={})".format, one, two),
        st.builds('f"x{{{}}}y{{{}!r:>10}}"'.format, one, two),
        st.builds('f"{{{}:{{{}}}}}"'.format, one, two),
        st.builds("t'{{ {} }}'".format, one),
        st.builds('("é" f"{{ {} }}" \n "z")'.format, one),
        st.builds('f"""\n{{ {} }}\n"""'.format, one),
        st.builds("[*{} for x in {}]".format, one, two),
        st.builds("(lambda: {})()".format, one),
    )


expressions = st.recursive(names, wrapped, max_leaves=6)


def block(lines):
    return "".join(f"    {line}\n" for line in lines.splitlines()) + "    pass\n"


def compound(inner):
    """Statements around others, old and new."""
    return st.one_of(
        st.builds(lambda one, two: one + two, inner, inner),
        st.builds(lambda one: f"def f[T = int, *Ts](x: T) -> T:\n{block(one)}", inner),
        st.builds(lambda one: f"class A[\n    T,\n](B):\n{block(one)}", inner),
        st.builds(lambda one, two: f"try:\n{block(one)}except A, B.c:\n{block(two)}", inner, inner),
        st.builds(lambda one, two: f"try:\n{block(one)}except* (A):\n{block(two)}else:\n    pass\n", inner, inner),
        st.builds(lambda one: f"if x:\n{block(one)}", inner),
        st.builds(lambda one: f"async def g(*a: *Ts):\n{block(one)}", inner),
    )


# Blocks are indented line by line, so what stands in them has no string of several lines.
simple = st.one_of(
    expressions.filter(lambda text: '"""' not in text).map("x = {}\n".format),
    expressions.filter(lambda text: '"""' not in text).map("type X[T] = {}\n".format),
    st.sampled_from(["type = 1\n", "# except A, B:\n", "\n", "x: tuple[*Ts]\n", "pass; x = t''\n"]),
)
programs = st.lists(
    st.one_of(st.recursive(simple, compound, max_leaves=5), expressions.map("y = {}\n".format)), min_size=1, max_size=4
)


@settings(max_examples=200, deadline=None)
@given(programs)
def test_lowering_keeps_every_line_where_it_was(pieces):
    source, expected = "", []
    for index, piece in enumerate(pieces):
        source += f"mark({index})\n{piece}"
        expected.append((index, source.count("\n", 0, source.rindex(f"mark({index})")) + 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        new = lowered(source.encode())
        tree = ast.parse(new)
        parse(source.encode())
    assert new.count(b"\n") == source.count("\n")
    found = [
        (node.args[0].value, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mark"
    ]
    assert sorted(found) == expected
    # Whatever is called in an expression is still called.
    assert sum(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "f" for node in ast.walk(tree)
    ) == source.count("f(g)")


# Any input at all


def told(folder, capfd, *arguments):
    """Run the command in this process; return its exit code and what it prints."""
    before = sys.argv
    sys.argv = ["troubleshoot", "scan", str(folder), *arguments]
    try:
        code = program.run()
    finally:
        sys.argv = before
    return code, *capfd.readouterr()


fragments = st.sampled_from(
    [
        *APP.splitlines(keepends=True),
        *NEWER.values(),
        *(
            "(",
            ")",
            '"',
            "'''",
            "\\\n",
            "\r",
            "\0",
            "\ufeff",
            "\f",
            "    ",
            "\t",
            "await ",
            "yield ",
            "*",
            "lambda: ",
            "f'{",
        ),
        *("# coding: latin-1\n", "# coding: idna\n", "# coding: utf-16\n", "# troubleshoot: ignore\n", "Depends(", "@"),
        *(
            "global x\n",
            "from . import *\n",
            "from .... import y\n",
            "import a.b.c as d\n",
            "del app\n",
            "class app(app): pass\n",
        ),
        *(
            "app.include_router(app)\n",
            "app = app\n",
            "x = x = lambda x: x(x)\n",
            "def home(home=home): return home()\n",
        ),
        *("app.add_middleware(*x, **y)\n", "@app.get(*x)\n", "async def x(*, y=Depends(x)): yield\n", "app.mount()\n"),
    ]
)
garbage = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(fragments, max_size=30).map(lambda parts: (APP + "".join(parts)).encode()),
    st.lists(fragments, max_size=12).map(lambda parts: "".join(parts).encode("utf-8")),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(garbage, min_size=1, max_size=3), st.sampled_from(["text", "json", "sarif", "github"]))
def test_whatever_a_file_holds_the_command_comes_to_its_end(monkeypatch, capfd, files, form):
    monkeypatch.setenv("TROUBLESHOOT_DEBUG", "1")
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {f"m{index}.py": data for index, data in enumerate(files)})
        code, out, err = told(folder, capfd, "--format", form)
    assert code in (0, 1, 4)
    assert err == ""
    assert out or form == "github"


# Order and processes


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A project that shows most causes that can be detected: the examples of all detectors, each in its folder."""
    folder = tmp_path_factory.mktemp("everything")
    for cause, detector in detectors().items():
        if cause == "environment/own-file-shadows-package":
            continue  # It hides FastAPI from all the others.
        below = cause.replace("/", "_").replace("-", "_")
        write(folder, {f"{below}/{name}": text for name, text in detector.BROKEN.items()})
    write(folder, {"broken/x.py": "def\n", "broken/y.py": "from fastapi import (\n", "blocking/main.py": APP})
    return folder


def result(folder, paths, catalog):
    files = Files(str(folder), list(paths))
    found = find(files, catalog, {})
    return found, sorted((item.location, item.why) for item in files.skipped)


@pytest.fixture(scope="module")
def expected(everything, catalog):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning_module, "can_share", lambda: False)
        return result(everything, relative(everything), catalog)


def relative(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def test_one_process_finds_most_causes_that_have_a_detector(everything, expected):
    # Not all: what one example lacks another has.
    found, skipped = expected
    assert len({item.cause for item in found} & set(detectors())) > 0.8 * len(detectors())
    assert [location for location, _ in skipped] == ["broken/x.py:1", "broken/y.py:1"]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_files_does_not_matter(everything, expected, catalog, monkeypatch, seed):
    monkeypatch.setattr(scanning_module, "can_share", lambda: False)
    paths = relative(everything)
    random.Random(seed).shuffle(paths)
    assert result(everything, paths, catalog) == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process is all there is")
@pytest.mark.parametrize("shared_by", ["files", "detectors"])
def test_two_processes_find_what_one_finds(everything, expected, catalog, monkeypatch, shared_by):
    monkeypatch.setattr(scanning_module, "can_share", lambda: True)
    monkeypatch.setattr(scanning_module, "WORTH_IT", 0)
    if shared_by == "detectors":
        monkeypatch.setattr(scanning_module, "halves", lambda _files, paths: [list(paths)])
    assert result(everything, relative(everything), catalog) == expected


def test_two_processes_pass_over_what_is_nested_too_deeply_as_well(tmp_path, catalog, monkeypatch):
    deep = APP + "y = " + " + ".join(["'a'"] * 2000) + "\n"
    write(tmp_path, {"a/main.py": APP, "b/main.py": APP, "c/main.py": deep, "d/main.py": deep})
    monkeypatch.setattr(scanning_module, "can_share", lambda: True)
    monkeypatch.setattr(scanning_module, "WORTH_IT", 0)
    found, skipped = result(tmp_path, relative(tmp_path), catalog)
    assert [item.path for item in found] == ["a/main.py", "b/main.py"]
    assert skipped == [("c/main.py", "is nested too deeply"), ("d/main.py", "is nested too deeply")]
