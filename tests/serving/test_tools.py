"""Each tool, as an agent calls it: what it answers, how much of it, and what it refuses."""

import os
import re

import anyio
import pytest
from clients import case_of, connected, over_streams, refusal, text_of

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load

CATALOG = load(find_content())
SMALL = 4096
LIST = 25 * 1024
BLOCKING = "performance/blocking-call-in-async-endpoint"
COMPLAINT = "every request waits for the slow one"


def served(*options, **settings):
    """Run a test as a conversation over standard streams with a server in the project's folder."""

    def around(test):
        def run(project):
            async def main():
                async with over_streams(project, *options, **settings) as client:
                    await test(client, project)

            anyio.run(main)

        run.__name__ = test.__name__
        return run

    return around


@pytest.mark.parametrize("transport", ["stdio", "http"])
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_complaint_and_source_become_a_cause_and_its_change(project, transport, mode):
    async def main():
        async with connected(transport, project, mode=mode) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == {
                *("diagnose", "answer_question", "explain", "fix", "scan", "probe", "catalogue"),
            }
            assert [tool.name for tool in tools if not tool.annotations.read_only_hint] == ["fix"]
            case = await case_of(client, complaint=COMPLAINT, source=".")
            first = case["causes"][0]
            assert (case["status"], first["cause"], first["changes"]) == ("diagnosed", BLOCKING, ["app/main.py:19"])
            assert len(case["causes"]) <= 3
            assert all(item["tell"] for item in case["causes"])
            assert {reason["where"] for reason in first["reasons"]} == {"complaint", "app/main.py:19"}
            assert case["examined"] == ["source: .", f"complaint: {COMPLAINT}"]
            diff = await text_of(client, "fix", cause=first["cause"], source=".")
            assert "-async def read_price" in diff

    anyio.run(main)


@served()
async def test_the_next_question_says_where_to_look_and_its_answer_changes_the_case(client, project):
    case = await case_of(
        client,
        complaint="the socket breaks sometimes",
        source=".",
        candidates={"accept-not-called": "likely", "path-parameter-shadows": "possible"},
    )
    assert case["status"] != "diagnosed"
    ask = case["next_question"]
    assert ask["look_at"]["routing/path-parameter-shadows"][0] == "app/main.py:22"
    option = next(iter(ask["options"]))
    told = await case_of(client, "answer_question", case=case["case"], question=ask["id"], option=option)
    assert told["case"] == case["case"]
    assert told["causes"] != case["causes"]
    assert told.get("next_question", {}).get("id") != ask["id"] or ask["id"] == "tell"
    unknown = await case_of(client, "answer_question", case=case["case"], question="endpoint-kind", option="")
    again = await case_of(client, "answer_question", case=case["case"], question="endpoint-kind", option="plain-def")
    anew = await case_of(client, "answer_question", case=case["case"], question="endpoint-kind", option="async-def")
    assert unknown["causes"] == told["causes"]
    assert again["causes"] != anew["causes"]


@served()
async def test_what_the_agent_has_read_is_evidence_and_alone_no_diagnosis(client, project):
    alone = await case_of(client, candidates={"disconnect-not-handled": "sure"})
    assert (alone["status"], alone["causes"][0]["cause"]) == ("likely", "websocket/disconnect-not-handled")
    wrong = await case_of(client, complaint=COMPLAINT, source=".", candidates={"disconnect-not-handled": "sure"})
    assert wrong["status"] != "diagnosed" or wrong["causes"][0]["cause"] == BLOCKING
    assert "sure" in await refusal(client, "diagnose", candidates={"disconnect-not-handled": "0.99"})
    assert "did you mean" in await refusal(client, "diagnose", candidates={"disconnect-not-handeld": "sure"})


@served()
async def test_a_reading_against_what_was_observed_is_said_and_asked_about(client, project):
    said = {"complaint": "url_for('static', filename='x') in a template: NoMatchFound, I mounted it on my APIRouter"}
    observed = (await case_of(client, **said))["causes"][0]["cause"]
    case = await case_of(client, candidates={"static-files-missing": "sure"}, **said)
    assert (case["status"], case["named"]) == ("likely", 2)
    assert [item["cause"] for item in case["causes"][:2]] == ["routing/static-files-missing", observed]
    assert f"without your candidates {observed} would be the first" in case["says"]
    assert {observed, "routing/static-files-missing"} <= set(case["next_question"]["options"])
    told = await case_of(client, "answer_question", case=case["case"], question="tell", option=observed)
    assert (told["status"], told["causes"][0]["cause"]) == ("diagnosed", observed)


@served()
async def test_answers_are_small_unless_more_is_asked_for(client, project):
    for number in range(12):
        (project / f"broken_{number}.py").write_text("def (:\n")
    case = await client.call_tool("diagnose", {"complaint": "it is slow and 422 and CORS " * 50, "source": "."})
    text = case.content[0].text
    assert len(text.encode()) <= SMALL
    assert "… and" in text
    longest = max(CATALOG.causes.values(), key=lambda cause: len(cause.explanation)).id
    for tool in ("explain", "fix"):
        short = await text_of(client, tool, cause=longest)
        whole = await text_of(client, tool, cause=longest, detail=True)
        assert len(short.encode()) <= SMALL
        assert short == whole or "detail: true has them" in short
    detailed = await case_of(client, complaint=COMPLAINT, detail=True)
    assert detailed["causes"][0]["explanation"] == CATALOG.causes[detailed["causes"][0]["cause"]].explanation


@served()
async def test_the_catalogue_has_every_cause_and_of_a_family_every_tell(client, project):
    text = await text_of(client, "catalogue")
    assert len(text.encode()) <= LIST
    family, found = "", []
    for line in text.splitlines():
        if line.startswith(" "):
            found.append(family + line.strip().partition(":")[0])
        else:
            family = line.partition(" ")[0]
    assert sorted(found) == sorted(CATALOG.causes)
    sockets = await text_of(client, "catalogue", families=["websocket"])
    assert all(cause.tell in sockets for cause in CATALOG.causes.values() if cause.family == "websocket")
    assert "no family 'sockets'" in await refusal(client, "catalogue", families=["sockets"])


@served()
async def test_a_scan_is_bounded_and_says_how_many_more_there_are(client, project):
    whole = await text_of(client, "scan")
    assert re.findall(r"^app/main.py:(\d+): error", whole, re.MULTILINE) == ["19", "22"]
    assert "… and 1 more findings" in await text_of(client, "scan", limit=1)
    assert "path-parameter-shadows" not in await text_of(client, "scan", select=["performance"])
    (project / "broken.py").write_text("def (:\n")
    assert "not examined: broken.py:1" in await text_of(client, "scan")
    assert "limit" in await refusal(client, "scan", limit=0)


@served()
async def test_a_probe_is_listed_and_rendered(client, project):
    assert "query-log: " in await text_of(client, "probe")
    assert (await text_of(client, "probe", name="query-log")).startswith("How to read it: ")
    assert "did you mean" in await refusal(client, "probe", name="query-logs")


@served()
async def test_nothing_is_written_or_imported_unless_the_server_was_started_for_it(client, project):
    before = (project / "app/main.py").read_bytes()
    assert "--write" in await refusal(client, "fix", cause=BLOCKING, source=".", apply=True)
    assert "--allow-import" in await refusal(client, "diagnose", app="slow:app")
    assert (project / "app/main.py").read_bytes() == before
    assert not (project / "started").exists()


@served("--write", "--allow-import")
async def test_what_the_server_was_started_for_is_done(client, project):
    assert "changed app/main.py" in await text_of(client, "fix", cause=BLOCKING, source=".", apply=True)
    assert "\ndef read_price" in (project / "app/main.py").read_text()
    assert "no change" in (await refusal(client, "fix", cause=BLOCKING, source=".", apply=True)).replace(
        "nothing was written", "no change"
    )
    case = await case_of(client, complaint="/prices/currencies gives an error", app="app.main:app")
    assert case["causes"][0]["cause"] == "routing/path-parameter-shadows"
    for app in ("../slow.py:app", "/etc/x.py:app", "nothing"):
        assert "MODULE:APP" in await refusal(client, "diagnose", app=app)


@served()
async def test_no_secret_and_no_place_of_this_machine_is_in_an_answer(client, project):
    (project / "app/settings.py").write_text('import os, time\nPASSWORD = "hunter2hunter2"\n')
    answers = [
        await text_of(client, "diagnose", log_path="app.log", source=".", detail=True),
        await text_of(client, "diagnose", log=(project / "app.log").read_text(), complaint="password=hunter2hunter2"),
        await text_of(client, "scan", detail=True, all=True),
        await refusal(client, "diagnose", source="/root/hunter2hunter2"),
        await refusal(client, "fix", cause=BLOCKING, source=str(project / "nothing")),
    ]
    for answer in answers:
        assert str(project.parent) not in answer
    assert all("hunter2hunter2" not in answer for answer in answers[:3])


@served()
async def test_paths_lie_below_the_folder_the_server_was_started_in(client, project):
    (project / "link.log").symlink_to(project.parent / "outside.log")
    (project / "link").symlink_to(project.parent)
    os.mkfifo(project / "pipe.log")
    for path in (
        "../outside.log",
        str(project.parent / "outside.log"),
        "link.log",
        "link/outside.log",
        "app/../app.log",
        "no\0thing",
        "nothing",
    ):
        for tool, arguments in (
            ("diagnose", {"log_path": path}),
            ("diagnose", {"source": path}),
            ("scan", {"source": path}),
            ("fix", {"cause": BLOCKING, "source": path}),
        ):
            said = await refusal(client, tool, **arguments)
            assert "open to you" in said
    assert "is no file" in await refusal(client, "diagnose", log_path="pipe.log")
    assert (await case_of(client, log_path=str(project / "app.log")))["examined"] == ["log: app.log"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_names_the_roots(project, mode):
    async def main():
        async with over_streams(project, mode=mode, roots=[project / "app"]) as client:
            assert "main.py:19" in await text_of(client, "scan")
            assert "open to you" in await refusal(client, "diagnose", log_path=str(project / "app.log"))
        async with over_streams(project, "--root", str(project), mode=mode, roots=["/"]) as client:
            assert "open to you" in await refusal(client, "diagnose", log_path=str(project.parent / "outside.log"))

    anyio.run(main)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_a_client_chooses_only_among_the_folders_of_the_server(project, mode):
    async def main():
        async with connected("http", project, mode=mode, roots=[project.parent]) as client:
            assert "open to you" in await refusal(client, "diagnose", log_path=str(project.parent / "outside.log"))
            assert (await case_of(client, log_path="app.log"))["examined"] == ["log: app.log"]

    anyio.run(main)


@served()
async def test_bad_calls_are_told_in_a_sentence_and_the_server_goes_on(client, project):
    for tool, arguments, said in (
        ("diagnose", {}, "nothing to go by"),
        ("diagnose", {"complain": "x"}, "did you mean 'complaint'"),
        ("diagnose", {"complaint": 7}, "complaint: "),
        ("diagnose", {"answers": {"endpoint-kind": "async-deff"}}, "did you mean 'async-def'"),
        ("diagnose", {"answers": {"": ""}}, "expected QUESTION=OPTION"),
        ("answer_question", {"case": "x", "question": "endpoint-kind", "option": "plain-def"}, "no such case"),
        ("answer_question", {"case": "x"}, "'question' is missing"),
        ("explain", {"cause": "disconnect"}, "no cause"),
        ("fix", {"cause": BLOCKING, "set": {"nothing": "1"}}, "no such parameter"),
        ("nothing", {}, "no tool of this name"),
    ):
        assert said in await refusal(client, tool, **arguments)
    assert (await case_of(client, complaint="\0\x1b[31m \u202e"))["status"] == "unknown"
