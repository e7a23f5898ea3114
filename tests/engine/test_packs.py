"""Knowledge of others beside ours, and alone: a pack for Flask, which the engine has never heard of."""

import json
import re
import shutil
from pathlib import Path

import pytest
from terminals import describe, pick

FLASK = Path(__file__).parent.parent / "packs" / "flask"
LOG = "werkzeug.routing.exceptions.BuildError: Could not build url for endpoint 'index'. Did you mean 'shop.index'?\n"
BUILT = "flask-views/endpoint-not-built"
OURS = "websocket/origin-not-checked"


@pytest.fixture
def pack(tmp_path):
    """A copy of the pack that a test can change, called `pack`."""
    return Path(shutil.copytree(FLASK, tmp_path / "pack"))


@pytest.fixture(params=[[], ["--only-knowledge"]], ids=["beside ours", "alone"])
def using(run, request):
    """Run a command with the pack beside ours, or alone."""
    return lambda *arguments, **options: run("--knowledge", str(FLASK), *request.param, *arguments, **options)


def test_a_log_leads_to_a_cause_of_the_pack(using):
    code, out, err = using("answer", "--log", "-", stdin=LOG)
    assert (code, err) == (0, "")
    assert f"{BUILT}, " in out
    assert f", from {FLASK}" in " ".join(out.split())
    assert 'return url_for("shop.index")' in out
    assert "FastAPI" not in out


@pytest.mark.parametrize(
    ("complaint", "cause"),
    [
        ("my login_required decorator works for one flask route only", "flask-views/decorator-loses-name"),
        ("The Flask session cannot be written on the server", "flask-app/secret-key-missing"),
        ("current_app works in views of Flask and raises in my script", "flask-app/outside-application-context"),
        (
            "my form gives 500 unless it is valid, the view function ended without a return",
            "flask-views/returns-nothing",
        ),
        ("In Flask url_for raises BuildError since my views are in a blueprint", BUILT),
    ],
)
def test_a_cause_of_a_pack_is_found_by_what_people_say(using, complaint, cause):
    _, out, _ = using("answer", complaint, "--format", "json")
    first = json.loads(out)["diagnosis"][0]
    assert (first["cause"], first["pack"], first["fixes"][0]["verified_with"]) == (cause, str(FLASK), {})


def test_it_is_listed_explained_and_its_fix_rendered(using):
    assert f"{BUILT}" in using("list", "blueprint")[1]
    assert "in a blueprint `blueprint.function`" in using("explain", "endpoint-not-built")[1]
    assert f"{BUILT}, common, from {FLASK}" in using("explain", BUILT)[1]
    code, out, _ = using("fix", "decorator-loses-name", "--defaults", "--set", "decorator=admin_only")
    assert code == 0
    assert "def admin_only(view" in out
    listed = {cause["cause"]: cause.get("pack") for cause in json.loads(using("list", "--format", "json")[1])["causes"]}
    assert listed[BUILT] == str(FLASK)
    assert listed.get(OURS) is None
    assert json.loads(using("explain", BUILT, "--format", "json")[1])["pack"] == str(FLASK)


def test_alone_nothing_of_ours_is_known(run, pack):
    assert run("--knowledge", "pack", "--only-knowledge", "explain", OURS)[0] == 2
    assert run("--only-knowledge", "explain", OURS)[0] == 0


def test_the_pack_passes_its_checks(run, pack):
    code, out, err = run("--knowledge", "pack", "--only-knowledge", "knowledge", "check")
    question = "flask-runs-in tells apart no two causes that share a main symptom"
    assert (code, err) == (0, f"warning: the question {question}\n")
    assert out.startswith("5 causes in 2 families, 5 fixes, 0 causes with a reproduction, 3 symptoms, 2 questions: ")
    assert run("--knowledge", "pack", "--only-knowledge", "knowledge", "test")[:2] == (0, "15 passed, 0 failed\n")


def test_the_wizard_asks_what_the_pack_asks(terminal, pack):
    wizard = terminal("--knowledge", "pack", "--only-knowledge", "--plain")
    describe(wizard)
    pick(wizard, "One way through the view")
    wizard.wait_for("What now")
    assert "A view ends without a return statement" in wizard.text
    assert "FastAPI" not in wizard.text
    wizard.type("\x03")
    assert wizard.end() in (0, 130)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_has_the_same_id_takes_the_place_of_ours_and_it_is_said_once(run, content, tmp_path):
    ours = (content.knowledge / f"{OURS}.yaml").read_text()
    own = re.sub(r"^title: .*$", "title: Our gateway opens it", ours, count=1, flags=re.MULTILINE)
    write(tmp_path / "own" / "knowledge" / f"{OURS}.yaml", own)
    template = (content.templates / f"{OURS}.py.j2").read_text()
    write(tmp_path / "own" / "templates" / f"{OURS}.py.j2", f"# by our gateway\n{template}")
    code, out, err = run("--knowledge", "own", "explain", OURS)
    assert (code, err) == (0, f"own takes the place of what was known as cause {OURS}\n")
    assert out.startswith(f"Our gateway opens it\n{OURS}, rare, from own\n")
    assert "# by our gateway" in run("--knowledge", "own", "fix", OURS, "--defaults")[1]
    write(tmp_path / "lines.jsonl", '{"id": 1, "text": "it is slow"}\n' * 2)
    code, out, err = run("--knowledge", "own", "answer", "--batch", "lines.jsonl", "--jobs", "1")
    assert (code, out.count("\n"), err) == (0, 2, f"own takes the place of what was known as cause {OURS}\n")


def test_a_template_alone_takes_the_place_of_ours_and_it_is_said(run, content, tmp_path):
    (tmp_path / "own" / "knowledge").mkdir(parents=True)
    write(
        tmp_path / "own" / "templates" / f"{OURS}.py.j2", (content.templates / f"{OURS}.py.j2").read_text() + "# own\n"
    )
    code, out, err = run("--knowledge", "own", "fix", OURS, "--defaults")
    assert (code, out.endswith("# own\n")) == (0, True)
    assert err.count(f"own takes the place of what was known as template {OURS}.py.j2\n") == 1


TWICE = ["--knowledge", "pack", "--knowledge", "other", "--knowledge", "./pack"]


def test_packs_are_read_in_their_order_and_the_last_one_counts(run, pack, tmp_path):
    other = Path(shutil.copytree(pack, tmp_path / "other"))
    path = other / "knowledge" / f"{BUILT}.yaml"
    path.write_text(path.read_text().replace("frequency: common", "frequency: rare"))
    _, out, err = run(*TWICE, "--only-knowledge", "explain", BUILT)
    assert f"{BUILT}, rare, from other\n" in out
    assert "other takes the place of what was known as family flask-app, family flask-views, " in err
    assert " and " in err
    assert err.count("\n") == 1


def test_a_mistake_in_a_pack_is_named_with_its_file_and_line(run, pack):
    path = pack / "knowledge" / f"{BUILT}.yaml"
    path.write_text(path.read_text().replace("frequency: common", "frequency: usual"))
    code, out, err = run("--knowledge", "pack", "--only-knowledge", "list")
    assert (code, out) == (3, "")
    assert err.startswith(f"pack/knowledge/{BUILT}.yaml:3: frequency: 'usual' is not one of ")


def test_the_project_one_stands_in_may_name_its_own(run, pack, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.troubleshoot]\nknowledge = ["pack"]\n')
    code, out, err = run("answer", "--log", "-", stdin=LOG)
    assert (code, f"{BUILT}, " in out) == (0, True)
    assert err == f"used: the knowledge in {pack}, which {tmp_path / 'pyproject.toml'} names\n"
    assert run("--only-knowledge", "explain", BUILT)[0] == 2
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("x = 1\n")
    assert "not used" not in run("scan", "app")[2]


def test_a_project_that_somebody_else_may_write_names_nothing(run, pack, tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.troubleshoot]\nknowledge = "pack"\n')
    project.chmod(0o666)
    _, out, err = run("answer", "--log", "-", stdin=LOG)
    assert BUILT not in out
    assert err == f"not used: the knowledge that {project} names, which somebody else may have written\n"


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ('"nowhere"', 2, "nowhere: no folders knowledge/ and templates/ here"),
        ("3", 0, "knowledge: expected a list of texts"),
        ('["a', 0, "is not valid TOML"),
    ],
)
def test_settings_that_are_wrong_are_named(run, tmp_path, value, code, said):
    (tmp_path / "pyproject.toml").write_text(f"[tool.troubleshoot]\nknowledge = {value}\n")
    found, _, err = run("explain", OURS)
    assert (found, said in err) == (code, True)


@pytest.fixture
def installed(pack, tmp_path):
    """A distribution that brings the pack, in a folder on the path; its code says so if it is run."""
    site = tmp_path / "site"
    package = Path(shutil.copytree(pack, site / "acme" / "answers"))
    (site / "acme" / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    info = site / "acme_answers-2.1.dist-info"
    write(info / "METADATA", "Metadata-Version: 2.1\nName: acme-answers\nVersion: 2.1\n")
    write(info / "entry_points.txt", "[troubleshoot.knowledge]\nacme = acme.answers\n")
    return site, package


def test_an_installed_pack_is_used_and_nothing_of_it_is_run(run, installed, tmp_path):
    site, _ = installed
    code, out, err = run("explain", BUILT, env={"PYTHONPATH": str(site)})
    assert (code, err) == (0, "")
    assert f"{BUILT}, common, from acme-answers 2.1\n" in out
    assert run("--only-knowledge", "explain", BUILT, env={"PYTHONPATH": str(site)})[0] == 2
    assert not (tmp_path / "ran").exists()


def test_a_mistake_in_an_installed_pack_names_it(run, installed):
    site, package = installed
    path = package / "knowledge" / f"{BUILT}.yaml"
    path.write_text(path.read_text().replace("frequency: common", "frequency: usual"))
    code, _, err = run("list", env={"PYTHONPATH": str(site)})
    assert code == 3
    assert err.startswith(f"{path}:3: frequency: ")
    assert err.endswith("(in the pack acme-answers 2.1)\n")


def test_an_installed_pack_without_knowledge_is_named(run, installed):
    site, package = installed
    shutil.rmtree(package / "templates")
    code, _, err = run("list", env={"PYTHONPATH": str(site)})
    assert code == 3
    assert "the installed pack acme-answers 2.1 has no knowledge" in err


def test_shells_are_offered_the_causes_of_a_pack(run, pack):
    words = "troubleshoot --knowledge pack --only-knowledge explain flask-views/"
    env = {"_TROUBLESHOOT_COMPLETE": "complete_bash", "COMP_WORDS": words.replace(" ", "\n"), "COMP_CWORD": "5"}
    assert BUILT in run(env=env)[1]
