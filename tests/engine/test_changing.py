"""`fix --source` and `scan --fix` on real files: what is changed, what is refused, and that nothing is half done."""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest
from projects import BLOCKING, write

from troubleshoot.errors import OutputError
from troubleshoot.patching.writing import write_changes

AWAITED = """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home():
    time.sleep(1)
"""
MENDED = AWAITED.replace("import time", "import asyncio").replace("time.sleep(1)", "await asyncio.sleep(1)")
DEPENDS = """\
from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


@app.get("/")
def home(db=Depends(get_db())):
    return db
"""
PARENTHESES = "dependency-injection/depends-called-with-parentheses"


def change(scanning, *arguments, cause=BLOCKING, files=None):
    write(scanning.folder, files or {})
    return scanning.run("fix", cause, "--source", ".", *arguments)


def names(scanning):
    return sorted(path.name for path in scanning.folder.iterdir())


def read(scanning, name="main.py"):
    return (scanning.folder / name).read_bytes()


def test_the_diff_is_printed_and_nothing_is_written(scanning):
    code, out, err = change(scanning, files={"main.py": AWAITED})
    assert code == 0
    assert "-    time.sleep(1)\n+    await asyncio.sleep(1)\n" in out
    assert out.startswith("--- a/main.py\n+++ b/main.py\n@@ ")
    assert err.startswith("main.py:10: time.sleep() waits without await in home")
    assert read(scanning) == AWAITED.encode()


def test_git_takes_the_diff(scanning):
    files = {"app/main.py": AWAITED.encode().replace(b"\n", b"\r\n"), "other.py": DEPENDS.rstrip() + "  # no line end"}
    write(scanning.folder, files)
    subprocess.run(["git", "init", "-q"], cwd=scanning.folder, check=True)
    for cause, name in ((BLOCKING, "app/main.py"), (PARENTHESES, "other.py")):
        code, _, _ = change(scanning, "-o", "change.diff", cause=cause)
        assert code == 0
        subprocess.run(["git", "apply", "--whitespace=nowarn", "change.diff"], cwd=scanning.folder, check=True)
        (scanning.folder / "change.diff").unlink()
        assert read(scanning, name) != files[name]
    assert read(scanning, "app/main.py") == MENDED.encode().replace(b"\n", b"\r\n")


def test_apply_changes_the_file_and_keeps_its_mode(scanning):
    write(scanning.folder, {"main.py": AWAITED})
    (scanning.folder / "main.py").chmod(0o755)
    code, out, err = change(scanning, "--apply")
    assert (code, out) == (0, "")
    assert err.startswith(f"main.py:10: changed for {BLOCKING}\n")
    assert read(scanning).decode() == MENDED
    assert stat.S_IMODE((scanning.folder / "main.py").stat().st_mode) == 0o755
    assert names(scanning) == ["main.py"]


def test_a_link_stays_one_and_what_it_leads_to_changes(scanning):
    write(scanning.folder, {"real/code.py": AWAITED})
    (scanning.folder / "main.py").symlink_to("real/code.py")
    code, _, _ = change(scanning, "--apply", "--at", "main.py:10")
    if code == 0:
        assert (scanning.folder / "main.py").is_symlink()
    else:
        code, _, _ = change(scanning, "--apply")
        assert code == 0
    assert read(scanning, "real/code.py").decode() == MENDED


@pytest.mark.parametrize(
    ("encode", "decode"),
    [
        (lambda text: text.replace("\n", "\r\n").encode(), lambda data: data.decode().replace("\r\n", "\n")),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), lambda data: data.decode("utf-8-sig")),
        (lambda text: text.replace("    ", "\t").encode(), lambda data: data.decode().replace("\t", "    ")),
        (
            lambda text: f"# -*- coding: latin-1 -*-\n# é\n{text}".encode("latin-1"),
            lambda data: data.decode("latin-1").split("\n", 2)[2],
        ),
    ],
    ids=["crlf", "bom", "tabs", "latin-1"],
)
def test_the_file_stays_as_it_is_written(scanning, encode, decode):
    code, _, _ = change(scanning, "--apply", files={"main.py": encode(AWAITED)})
    assert code == 0
    assert decode(read(scanning)) == MENDED
    assert read(scanning) == encode(MENDED)


def test_of_several_places_one_is_named(scanning):
    files = {"main.py": AWAITED, "other.py": AWAITED}
    code, _, err = change(scanning, "--apply", files=files)
    assert code == 2
    sentence = "there are 2 places: main.py:10, other.py:10; name one with --at PATH:LINE, or change all: "
    command = f"scan . --select {BLOCKING} --fix --unsafe-fixes"
    assert err == f"troubleshoot: {sentence}`troubleshoot {command}`\n"
    code, _, _ = change(scanning, "--apply", "--at", "other.py:10")
    assert code == 0
    assert (read(scanning), read(scanning, "other.py")) == (AWAITED.encode(), MENDED.encode())
    assert scanning.run(*command.split())[0] == 0
    assert read(scanning) == MENDED.encode()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--apply", "--at", "main.py:3"], "--at main.py:3: the cause is not seen there; seen at main.py:10"),
        (["--apply", "--at", "main.py"], "--at main.py: expected PATH:LINE, such as app/main.py:12"),
        (["--at", "main.py:x"], "--at main.py:x: expected PATH:LINE, such as app/main.py:12"),
        (["--example", "--apply"], "--apply and --at change your source; name it with --source DIR, without --example"),
    ],
)
def test_a_wrong_place_is_one_sentence(scanning, arguments, sentence):
    assert change(scanning, *arguments, files={"main.py": AWAITED}) == (2, "", f"troubleshoot: {sentence}\n")
    assert read(scanning) == AWAITED.encode()


def test_without_source_there_is_nothing_to_apply_to(scanning):
    code, _, err = scanning.run("fix", BLOCKING, "--apply")
    assert code == 2
    assert err.startswith("troubleshoot: --apply and --at change your source")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            f"# Generated by a tool. DO NOT EDIT\n{AWAITED}",
            "is generated, so the change belongs in what it is made from",
        ),
        (AWAITED.replace("():\n    time.sleep(1)", "(): time.sleep(1)"), None),
        (AWAITED.replace("time.sleep(1)", "x = [(lambda: 1)(), time.sleep(1)]; y = 2"), None),
    ],
    ids=["generated", "one line", "two statements"],
)
def test_what_cannot_be_changed_is_said_and_the_rest_still_parses(scanning, text, why):
    code, out, err = change(scanning, files={"main.py": text})
    assert code == 0
    if why is not None:
        assert f"no change for {BLOCKING}: main.py {why}" in err
        assert "@@" not in out
    else:
        assert "+" in out
        code, _, _ = change(scanning, "--apply")
        compile(read(scanning), "main.py", "exec")


def test_a_source_without_the_cause_gives_the_example(scanning):
    code, out, err = change(scanning, files={"main.py": "x = 1\n"})
    assert (code, err) == (0, ". does not show performance/blocking-call-in-async-endpoint; this is an example\n")
    compile(out, "example", "exec")
    code, _, err = change(scanning, "--apply")
    assert (code, err) == (2, f"troubleshoot: .: does not show {BLOCKING}; nothing was changed\n")


def test_a_read_only_file_is_left(scanning):
    write(scanning.folder, {"main.py": AWAITED})
    (scanning.folder / "main.py").chmod(0o444)
    code, _, err = change(scanning, "--apply")
    assert (code, err) == (2, "troubleshoot: main.py: is read-only; nothing was written\n")
    assert read(scanning) == AWAITED.encode()


def test_what_lies_outside_is_left(scanning, tmp_path):
    write(tmp_path, {"elsewhere.py": AWAITED})
    (scanning.folder / "main.py").symlink_to(tmp_path / "elsewhere.py")
    code, _, err = change(scanning, "--apply")
    assert (tmp_path / "elsewhere.py").read_text() == AWAITED
    assert code in (2, 3)
    assert "outside the project" in err or "does not show" in err


def test_scan_fixes_what_is_safe_and_with_consent_the_rest(scanning):
    files = {"main.py": AWAITED, "other.py": DEPENDS}
    code, out, err = scanning("--fix", files=files)
    assert (code, "1 finding put right in 1 file" in err) == (1, True)
    assert (read(scanning), b"Depends(get_db))" in read(scanning, "other.py")) == (AWAITED.encode(), True)
    assert out.splitlines()[-1] == "2 files: 1 error"
    code, out, _ = scanning("--fix", "--unsafe-fixes")
    assert (code, out) == (0, "2 files: nothing found\n")
    assert read(scanning) == MENDED.encode()
    before = read(scanning), read(scanning, "other.py")
    assert scanning("--fix", "--unsafe-fixes")[0] == 0
    assert (read(scanning), read(scanning, "other.py")) == before


def test_scan_shows_what_it_would_do(scanning):
    files = {"main.py": AWAITED, "other.py": DEPENDS}
    code, out, err = scanning("--diff", files=files)
    assert (code, out.count("+++ ")) == (1, 1)
    assert err == "1 of 2 findings would be put right\n"
    _, out, _ = scanning("--diff", "--unsafe-fixes")
    assert out.count("+++ ") == 2
    assert read(scanning) == AWAITED.encode()


def test_wishes_that_exclude_each_other_are_refused(scanning):
    assert scanning("--diff", "--fix")[:2] == (2, "")
    assert scanning("--unsafe-fixes")[2] == "troubleshoot: --unsafe-fixes goes with --fix or --diff\n"


def test_sarif_carries_the_lines_to_replace(scanning):
    _, out, _ = scanning("--format", "sarif", files={"main.py": AWAITED})
    (result,) = json.loads(out)["runs"][0]["results"]
    (fix,) = result["fixes"]
    (artifact,) = fix["artifactChanges"]
    lines = AWAITED.splitlines(keepends=True)
    for item in reversed(artifact["replacements"]):
        region = item["deletedRegion"]
        lines[region["startLine"] - 1 : region["endLine"] - 1] = [item["insertedContent"]["text"]]
    assert "".join(lines) == MENDED
    assert fix["properties"]["safety"] == "unsafe"


def test_an_interruption_leaves_all_files_or_none(scanning):
    files = {f"part_{number}.py": AWAITED for number in range(40)}
    write(scanning.folder, files)
    command = [sys.executable, "-m", "troubleshoot", "scan", "--fix", "--unsafe-fixes"]
    for delay in (0.3, 0.8, 1.2, 1.6, 2.0):
        process = subprocess.Popen(
            command,
            cwd=scanning.folder,
            env=scanning.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        assert b"Traceback" not in err
        assert {read(scanning, name) for name in files} <= {AWAITED.encode(), MENDED.encode()}
        assert len({read(scanning, name) for name in files}) == 1
        assert names(scanning) == sorted(files)
        write(scanning.folder, files)


def fill(path):
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="a full disk is made by mounting a small one")
def test_a_full_disk_changes_nothing(scanning):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(scanning.folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        write(scanning.folder, {"main.py": AWAITED})
        with pytest.raises(OSError, match="No space"):
            fill(scanning.folder / "filler")
        code, _, err = change(scanning, "--apply")
        assert (code, err) == (
            2,
            "troubleshoot: main.py: cannot be written: No space left on device; nothing was changed\n",
        )
        assert read(scanning) == AWAITED.encode()
        assert names(scanning) == ["filler", "main.py"]
    finally:
        subprocess.run(["umount", str(scanning.folder)], check=True)


def test_a_file_that_changed_since_it_was_read_is_left(tmp_path):
    write(tmp_path, {"main.py": "one\n", "other.py": "two\n"})
    changes = {"main.py": b"1\n", "other.py": b"2\n"}
    with pytest.raises(OutputError, match=r"^other\.py: has changed since it was read; nothing was written$"):
        write_changes(tmp_path, changes, {"main.py": b"one\n", "other.py": b"TWO\n"}.__getitem__)
    assert (tmp_path / "main.py").read_text() == "one\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main.py", "other.py"]


def test_syntax_newer_than_the_interpreter_is_left(scanning):
    newer = f'{AWAITED}\n\ndef later():\n    return t"{{1}}"\n'
    try:
        compile(newer, "main.py", "exec")
    except SyntaxError:
        code, out, err = change(scanning, files={"main.py": newer})
        assert code == 0
        assert "main.py has syntax that is newer than the Python that runs this" in err
        assert "@@" not in out


def test_a_decorator_on_several_lines_and_a_class_in_a_function_stay(scanning):
    text = AWAITED.replace('@app.get("/")\n', '@app.get(\n    "/",  # the root\n    tags=["a"],\n)\n')
    nested = text + (
        "\n\ndef make():\n    class Inner:\n        async def wait(self):\n            time.sleep(2)\n\n"
        '    @app.get("/inner")\n    async def inner():\n        return await Inner().wait()\n\n    return inner\n'
    )
    code, _, _ = change(scanning, "--apply", "--at", "main.py:13", files={"main.py": nested})
    assert code == 0
    expected = nested.replace("time.sleep(1)", "await asyncio.sleep(1)").replace(
        "import time", "import asyncio\nimport time"
    )
    assert read(scanning).decode() == expected


def test_two_findings_in_one_statement_are_both_put_right(scanning):
    text = AWAITED.replace("time.sleep(1)", "return [time.sleep(1), time.sleep(2)]")
    write(scanning.folder, {"main.py": text})
    code, out, _ = scanning("--fix", "--unsafe-fixes")
    assert (code, out) == (0, "1 file: nothing found\n")
    assert b"return [await asyncio.sleep(1), await asyncio.sleep(2)]" in read(scanning)
