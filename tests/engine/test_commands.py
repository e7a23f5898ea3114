"""The commands as processes: what they print, where, and their exit codes."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CAUSE = "websocket/disconnect-not-handled"
TRACEBACK = """\
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/srv/app/.venv/lib/python3.12/site-packages/fastapi/routing.py", line 866, in app
    await dependant.call(**solved_result.values)
  File "/srv/app/chat.py", line 12, in talk
    text = await websocket.receive_text()
  File "/srv/app/.venv/lib/python3.12/site-packages/starlette/websockets.py", line 126, in receive_text
    self._raise_on_disconnect(message)
starlette.websockets.WebSocketDisconnect: (1001, '')
"""


def test_a_traceback_through_a_pipe_names_the_cause_the_place_and_a_fix_in_the_users_names(run):
    code, out, err = run("answer", "--log", "-", stdin=TRACEBACK)
    assert (code, err) == (0, "")
    assert CAUSE in out
    assert "standard input:9" in out
    assert "chat.py:12" in out
    assert "async def talk(websocket: WebSocket)" in out


def test_json_keeps_the_contract(run):
    code, out, _ = run("answer", "--log", "-", "--format", "json", "--top", "5", stdin=TRACEBACK)
    answer = json.loads(out)
    assert code == 0
    assert [answer["schema"], answer["status"]] == [1, "diagnosed"]
    assert {"schema", "status", "named", "diagnosis", "commands", "next_question", "versions", "skipped"} == set(answer)
    first = answer["diagnosis"][0]
    keys = {"cause", "title", "probability", "line", "do_this", "reasons", "fixes", "changes", "references"}
    assert keys == set(first)
    statement = "text = await websocket.receive_text()"
    assert first["line"] == {"path": "/srv/app/chat.py", "line": 12, "function": "talk", "statement": statement}
    assert first["do_this"] == {"command": "", "what": "Catch the disconnect and clean up in finally"}
    assert first["cause"] == CAUSE
    assert 0.85 <= first["probability"] <= 1
    assert {"source", "location", "what", "bits"} == set(first["reasons"][0])
    fix = first["fixes"][0]
    assert {"id", "title", "file_name", "language", "snippet", "parameters", "verified_with", "misfit"} == set(fix)
    assert fix["parameters"]["endpoint"] == "talk"
    assert fix["verified_with"]["fastapi"]
    compile(fix["snippet"], fix["file_name"], "exec")


def test_without_a_confident_cause_it_offers_the_question_that_would_help(run):
    code, out, _ = run("answer", "--format", "json", "the websocket gives errors")
    answer = json.loads(out)
    assert code == 1
    assert answer["status"] in ("likely", "unknown")
    question = answer["next_question"]
    option = question["options"][0]["id"]
    assert run("answer", "the websocket gives errors", "--answer", f"{question['id']}={option}")[0] in (0, 1)


def test_a_tell_that_is_not_recognised_speaks_against_its_cause(run):
    asked = ["answer", "the websocket gives errors", "--format", "json", "--top", "9"]
    before = json.loads(run(*asked)[1])["diagnosis"]
    after = json.loads(run(*asked, "--answer", "tell=none")[1])["diagnosis"]
    probability = {cause["cause"]: cause["probability"] for cause in after}
    assert probability.get(before[0]["cause"], 0) < before[0]["probability"]


def test_what_is_not_in_the_knowledge_is_said_to_be_unknown(run):
    code, out, _ = run("answer", "my sourdough does not rise in the new oven")
    assert code == 1
    assert "looks like nothing that I know" in out


def test_markdown_holds_the_code_in_a_fence(run):
    code, out, _ = run("answer", "--log", "-", "--format", "markdown", stdin=TRACEBACK)
    assert code == 0
    assert out.startswith("# Diagnosis")
    assert "```python\n" in out
    assert "\n\n\n\n" not in out


def test_an_answers_file_and_answers_count_as_evidence(run, tmp_path):
    (tmp_path / "answers.yaml").write_text("symptom: ws-error-when-client-leaves\nwebsocket-closed-by: client\n")
    _, out, _ = run("answer", "--answers", "answers.yaml", "--format", "json")
    sources = {reason["source"] for cause in json.loads(out)["diagnosis"] for reason in cause["reasons"]}
    assert sources == {"answer"}


def test_a_fix_is_written_imported_and_run(run, tmp_path):
    code, out, err = run("fix", CAUSE, "--set", "path=/chat", "--log", "-", "-o", "chat_fixed.py", stdin=TRACEBACK)
    assert (code, out) == (0, "")
    assert "wrote chat_fixed.py" in err
    text = (tmp_path / "chat_fixed.py").read_text()
    assert '@router.websocket("/chat")' in text
    assert "async def talk(" in text


def test_a_fix_goes_to_standard_output_without_a_file(run):
    code, out, err = run("fix", f"{CAUSE}#handle-disconnect", "--defaults")
    assert (code, err) == (0, "")
    compile(out, "fix", "exec")


def test_nothing_is_overwritten_without_force(run, tmp_path):
    target = tmp_path / "mine.py"
    target.write_text("mine\n")
    code, _, err = run("fix", CAUSE, "-o", "mine.py")
    assert (code, target.read_text()) == (2, "mine\n")
    assert err == "troubleshoot: mine.py: exists already; choose another name or add --force\n"
    assert run("fix", CAUSE, "-o", "mine.py", "--force")[0] == 0
    assert "WebSocketDisconnect" in target.read_text()
    assert [path.name for path in tmp_path.glob("*mine*")] == ["mine.py"]


def test_a_full_disk_leaves_nothing_half_written(run, tmp_path):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    code, _, err = run("fix", CAUSE, "-o", "fix.py", preexec_fn=limit)
    assert code == 2
    assert err == "troubleshoot: fix.py: cannot be written: File too large\n"
    assert list(tmp_path.glob("*fix.py*")) == []


BAD_INPUT = [
    (["answer"], 2, "nothing to go by: describe what is wrong, or add --log, --source, --findings, --app or --answer"),
    (["answer", "--log", "missing.log"], 2, "--log missing.log: cannot be opened: No such file or directory"),
    (["answer", "--log", "."], 2, "--log .: is a folder; name the file in it"),
    (["answer", "--answer", "symptom"], 2, "--answer symptom: expected QUESTION=OPTION"),
    (["answer", "--answer", "zzz=x"], 2, "no question 'zzz'; `troubleshoot list --questions` shows what there is"),
    (["answer", "--answer", "symptm=x"], 2, "no question 'symptm'; did you mean 'symptom'"),
    (["answer", "--answer", "symptom=cors-eror"], 2, "no symptom 'cors-eror'; did you mean 'cors-error'"),
    (
        ["answer", "--answer", "endpoint-kind=asyncdef"],
        2,
        "no option of endpoint-kind 'asyncdef'; did you mean 'async-def'",
    ),
    (["answer", "--answers", "missing.yaml"], 2, "missing.yaml: cannot be read: No such file or directory"),
    (["answer", "x", "--format", "xml"], 2, "Invalid value for '--format'"),
    (["answer", "x", "--top", "0"], 2, "Invalid value for '--top'"),
    (["answer", "x", "--nope"], 2, "No such option: --nope"),
    (
        ["fix", "websocket/disconect-not-handled"],
        2,
        f"no cause 'websocket/disconect-not-handled'; did you mean '{CAUSE}'",
    ),
    (["fix", f"{CAUSE}#nope"], 2, f"{CAUSE} has no fix 'nope'; it has handle-disconnect"),
    (["fix", CAUSE, "--set", "path"], 2, "--set path: expected NAME=VALUE"),
    (["fix", CAUSE, "--set", "endpoint=a;b"], 2, "--set endpoint='a;b': expected a Python name such as get_db"),
    (
        ["fix", CAUSE, "-o", "no/such/folder/fix.py"],
        2,
        "no/such/folder/fix.py: cannot be written: No such file or directory",
    ),
    (["explain", "nope"], 2, "no cause 'nope'; `troubleshoot list WORD` searches them"),
    (
        ["explain", "disconect-not-handled"],
        2,
        "no cause 'disconect-not-handled'; did you mean 'disconnect-not-handled'",
    ),
    (
        ["fix", "event-loop-mismatch#x"],
        2,
        "'event-loop-mismatch' names 2 causes; say which: database/event-loop-mismatch, testing/event-loop-mismatch",
    ),
    (["explain", "websocket"], 2, "'websocket' is a family; `troubleshoot list --family websocket` shows its causes"),
    (["answer", "--answer", "tell=event-loop-mismatch"], 2, "'event-loop-mismatch' names 2 causes; say which: "),
    (["scan", "--ignore", "event-loop-mismatch"], 2, "'event-loop-mismatch' names 2 causes; say which: "),
    (["list", "--questions", "--family", "websocket"], 2, "--family is about causes; "),
    (["list", "--family", "websockets"], 2, "no family 'websockets'; did you mean 'websocket'"),
    (["--knowledge", "nowhere", "list"], 2, "nowhere: no folders knowledge/ and templates/ here"),
    (["knowledge", "tree", "--symptom", "nope"], 2, "no symptom 'nope'"),
    ([], 2, "there is no terminal to ask on; use `troubleshoot answer` with a complaint, --log or --answer"),
    (["nope"], 2, "No such command 'nope'."),
]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"), BAD_INPUT, ids=[" ".join(case[0]) or "-" for case in BAD_INPUT]
)
def test_bad_input_gets_one_clear_sentence(run, arguments, code, sentence):
    found, out, err = run(*arguments)
    assert (code, "") == (found, out)
    assert err.startswith(f"troubleshoot: {sentence}")


HELP = [
    (["nope"], "troubleshoot"),
    (["answer", "--nope"], "troubleshoot answer"),
    (["knowledge", "nope"], "troubleshoot knowledge"),
    (["knowledge", "tree", "--depth", "x"], "troubleshoot knowledge tree"),
]


@pytest.mark.parametrize(("arguments", "command"), HELP, ids=[case[1] for case in HELP])
def test_a_wrong_command_line_points_to_the_help_of_its_command(run, arguments, command):
    code, _, err = run(*arguments)
    assert (code, err.splitlines()[1]) == (2, f"troubleshoot: `{command} --help` lists what there is.")
    assert run(*command.split()[1:], "--help")[0] == 0


def test_the_short_id_of_a_cause_is_enough(run, tmp_path):
    short = CAUSE.partition("/")[2]
    assert run("explain", short) == run("explain", CAUSE)
    assert run("fix", f"{short}#handle-disconnect", "--defaults") == run("fix", CAUSE, "--defaults")
    for answer in ("tell", "helped"):
        asked = ["answer", "the socket fails", "--format", "json", "--answer"]
        code, out, err = run(*asked, f"{answer}={short}")
        # The commands that would tell more repeat what was given.
        assert (code, out.replace(f"{answer}={short}", f"{answer}={CAUSE}"), err) == run(*asked, f"{answer}={CAUSE}")
    blocking = (
        "import time\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\nasync def wait():\n    time.sleep(1)"
    )
    (tmp_path / "main.py").write_text(blocking)
    assert run("scan", "--select", "blocking-call-in-async-endpoint")[0] == 1
    assert run("scan", "--ignore", "blocking-call-in-async-endpoint")[0] == 0
    (tmp_path / "main.py").write_text(f"{blocking}  # troubleshoot: ignore[blocking-call-in-async-endpoint]")
    assert run("scan")[0] == 0


def test_a_list_is_searched_by_what_causes_are_called_and_by_what_people_say(run, catalog):
    code, out, _ = run("list", "preflight")
    titled, said = out.split("In what people say of it")
    assert code == 0
    assert "middleware/cors-preflight-rejected" in titled
    found = re.findall(r"^  (\S+/\S+) ", said, re.MULTILINE)
    assert found
    assert all(any("preflight" in text.lower() for text in catalog.causes[cause].phrases) for cause in found)
    code, out, _ = run("list", "cors", "preflight", "--format", "json")
    both = {cause["cause"] for cause in json.loads(out)["causes"]}
    assert (code, "middleware/cors-preflight-rejected" in both) == (0, True)
    assert both < {*re.findall(r"^  (\S+/\S+) ", run("list", "preflight")[1], re.MULTILINE)}
    assert "middleware/cors-preflight-rejected" in run("list", "preflight", env={"FORCE_COLOR": "1"})[1]
    assert run("list", "sourdough") == (1, "", "no cause speaks of 'sourdough'\n")


def test_questions_are_listed_as_they_are_answered(run, catalog):
    out = run("list", "--questions")[1]
    answers = re.findall(r"--answer (\S+?)=(\S+)", out)
    assert answers == [
        *(("symptom", symptom) for symptom in catalog.symptoms),
        *((question.id, option) for question in catalog.questions.values() for option in question.options),
    ]
    listed = json.loads(run("list", "--questions", "generator", "--format", "json")[1])["questions"]
    assert 0 < len(listed) < len(catalog.questions)
    assert "--answer endpoint-kind=async-def" in run("list", "--questions", env={"FORCE_COLOR": "1"})[1]


def test_a_log_without_permission_is_said(run, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "secret.log").touch(0o000)
    assert run("answer", "--log", "secret.log")[2].endswith("cannot be opened: Permission denied\n")


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "it is empty"), (b"\0\1\2" * 500, "it is not text")],
    ids=["empty", "binary"],
)
def test_what_could_not_be_examined_is_said_and_is_an_exit_code_of_its_own(run, tmp_path, data, why):
    (tmp_path / "app.log").write_bytes(data)
    code, out, _ = run("answer", "--log", "app.log", "--log", "-", "--format", "json", stdin=TRACEBACK)
    answer = json.loads(out)
    assert code == 4
    assert answer["skipped"] == [{"source": "log", "location": "app.log", "why": why}]
    assert answer["diagnosis"][0]["cause"] == CAUSE


@pytest.mark.parametrize("data", [b"", b"\0\1\2" * 500], ids=["empty", "binary"])
def test_of_what_could_not_be_read_it_is_not_said_that_it_is_unknown(run, tmp_path, data):
    (tmp_path / "app.log").write_bytes(data)
    code, out, _ = run("answer", "--log", "app.log")
    assert (code, out.partition("\n")[0]) == (4, "I cannot tell from this.")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_log_in_utf_16_with_its_mark_is_read_in_whatever_pieces_it_comes(run, tmp_path, encoding):
    text = "\ufeff" + "caf\xe9 " * 200_000 + "\n" + TRACEBACK
    (tmp_path / "app.log").write_bytes(text.encode(encoding))
    code, out, err = run("answer", "--log", "app.log")
    assert (code, err) == (0, "")
    assert CAUSE in out
    assert "app.log:10" in out


@pytest.mark.parametrize(
    "data",
    [
        TRACEBACK[:400],
        "caf\xe9 \xff\xfe " + TRACEBACK,
        "x" * 3_000_000 + "\n" + TRACEBACK,
        TRACEBACK.replace("\n", "\r\n"),
    ],
    ids=["half a traceback", "not UTF-8", "an enormous line", "windows line ends"],
)
def test_odd_logs_are_read_all_the_same(run, data):
    code, out, err = run("answer", "--log", "-", stdin=data.encode("latin-1"))
    assert code in (0, 1)
    assert out
    assert err == ""


@pytest.mark.parametrize("arguments", ["list", "knowledge tree --depth 2"])
def test_a_closed_pipe_is_no_error(environment, arguments):
    command = f"{sys.executable} -m troubleshoot {arguments} | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_standard_output_is_said(environment):
    command = [sys.executable, "-m", "troubleshoot", "list"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "troubleshoot: standard output: No space left on device\n")


def test_interrupting_a_long_read_ends_with_130(environment, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "troubleshoot", "answer", "--log", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "troubleshoot: interrupted\n")


def test_invalid_knowledge_is_named_with_its_line_and_exit_code_3(run, tmp_path):
    for folder in ("knowledge/family", "templates"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "knowledge/family/cause.yaml").write_text("tilte: x\n")
    code, out, err = run("--knowledge", str(tmp_path), "list")
    assert (code, out) == (3, "")
    assert re.search(r"cause\.yaml:1: unknown key 'tilte'; did you mean 'title'\?", err)


def test_list_and_explain_speak_json_too(run, catalog):
    listed = json.loads(run("list", "--format", "json")[1])
    assert [cause["cause"] for cause in listed["causes"]] == list(catalog.causes)
    explained = json.loads(run("explain", CAUSE, "--format", "json")[1])
    assert explained["cause"] == CAUSE
    assert CAUSE in run("explain", CAUSE)[1]
    assert CAUSE in run("list", "--family", "websocket")[1]


@pytest.mark.timeout(300)
def test_the_knowledge_passes_its_own_checks(run):
    assert run("knowledge", "check")[0] == 0
    code, out, _ = run("knowledge", "test", timeout=240)
    assert (code, out.strip().rpartition(", ")[2]) == (0, "0 failed")


def test_the_tree_starts_from_what_the_user_sees(run):
    code, out, _ = run("knowledge", "tree", "--depth", "1", "--symptom", "ws-error-when-client-leaves")
    assert code == 0
    assert out.startswith("The log fills with errors when WebSocket clients leave")
    assert CAUSE in out


def test_the_version_and_completion(run):
    assert run("--version")[1].startswith("troubleshoot ")
    assert "complete" in run("--show-completion", "bash", env={"SHELL": "/bin/bash"})[1]


def test_colour_is_forced_and_refused_as_the_environment_says(run):
    assert "\x1b[" in run("explain", CAUSE, env={"FORCE_COLOR": "1"})[1]
    assert "\x1b[" not in run("explain", CAUSE, env={"FORCE_COLOR": "1", "NO_COLOR": "1"})[1].replace(
        "\x1b[1", ""
    ).replace("\x1b[0", "")
    assert "\x1b" not in run("explain", CAUSE)[1]


def test_a_read_only_cache_is_no_obstacle(run, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    assert run("answer", "--log", "-", stdin=TRACEBACK, env={"XDG_CACHE_HOME": str(Path(blocked) / "no")})[0] == 0


def test_modules_of_the_folder_it_runs_in_are_not_imported(run, tmp_path):
    for name in ("typer", "pathspec", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    assert run("--version")[0] == 0
    assert run("scan", ".")[:2] == (0, "3 files: nothing found\n")


def test_probes_have_a_door_of_their_own(run, tmp_path):
    code, out, _ = run("probe")
    names = [line.split()[0] for line in out.splitlines() if not line.startswith(" ")]
    assert code == 0
    assert {"query-log", "dependency-trace", "middleware-order"} <= set(names)
    for name in names:
        code, out, err = run("probe", name)
        assert code == 0
        compile(out, name, "exec")
        assert err.startswith("How to read it: ")
    target = tmp_path / "probe.py"
    assert run("probe", "query-log", "-o", str(target))[0] == 0
    compile(target.read_text(), "probe", "exec")
    assert run("probe", "query-log", "-o", str(target))[0] == 2
    code, _, err = run("probe", "query-lag")
    assert (code, "did you mean 'query-log'" in err) == (2, True)


def test_where_nothing_can_be_told_what_the_source_shows_is_not_kept_silent(run, tmp_path):
    (tmp_path / "main.py").write_text(
        "import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.get("/")\nasync def read():\n    time.sleep(1)\n'
    )
    code, out, _ = run("answer", "the colours of my chart are wrong", "--source", ".")
    assert code == 1
    said = " ".join(out.split())
    assert (
        "troubleshoot scan . lists what is wrong in your source, whether this comes from it or not: main.py:10: "
        in said
    )
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    assert "troubleshoot scan" not in run("answer", "the colours of my chart are wrong", "--source", ".")[1]
