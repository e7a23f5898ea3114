"""The strict loader: every mistake at once, each with its file, its line and what to write instead."""

import shutil
from pathlib import Path

import pytest

from troubleshoot.catalog.cache import CATALOG, cache_file
from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import compile_catalog, load
from troubleshoot.engine.differential import alike
from troubleshoot.errors import KnowledgeError, UsageError
from troubleshoot.values import compared

CAUSE = "family/cause"
GOOD = {
    "knowledge/families/family.yaml": "title: Family\nabout: About it\n",
    "knowledge/symptoms/symptom.yaml": "group: Group\ntitle: Symptom\n",
    "knowledge/questions/question.yaml": (
        "text: Which?\nwhy: Because\neffort: glance\noptions:\n  yes: Yes\n  no: No\n"
    ),
    f"knowledge/{CAUSE}.yaml": """\
title: Title
tell: Tell
frequency: common
symptoms:
  symptom: always
answers:
  question:
    yes: always
signals:
  - pattern: 'Error (?P<name>\\w+)'
    weight: confirms
phrases:
  - it does not work
explanation: |
  What happens.
fixes:
  repair:
    title: Repair it
    check: Look
    parameters:
      name:
        about: the name
        type: identifier
        default: thing
references:
  - https://example.org/
examples:
  matches:
    - it does not work
""",
    f"templates/{CAUSE}.py.j2": "{{ name }} = 1\n",
}


@pytest.fixture
def pack(tmp_path: Path):
    """Write sound knowledge, with changes, and return its content."""

    def write(changes: dict[str, str | None] | None = None) -> Content:
        shutil.rmtree(tmp_path, ignore_errors=True)
        for name, text in {**GOOD, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return find_content(tmp_path)

    return write


def edited(old: str, new: str) -> dict[str, str]:
    name = f"knowledge/{CAUSE}.yaml"
    assert old in GOOD[name]
    return {name: GOOD[name].replace(old, new)}


def problems(content: Content) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        compile_catalog(content)
    return [f"{Path(problem.path).name}:{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_sound_knowledge_compiles(pack):
    catalog = compile_catalog(pack())
    assert list(catalog.causes) == [CAUSE]
    assert catalog.questions["question"].options == {"yes": "Yes", "no": "No"}


@pytest.mark.parametrize(
    ("answer", "symptom", "found"), [("yes", "always", 1), ("no", "always", 0), ("yes", "sometimes", 0)]
)
def test_causes_are_alike_that_share_a_main_symptom_and_that_no_question_parts(pack, answer, symptom, found):
    other = (
        GOOD[f"knowledge/{CAUSE}.yaml"]
        .replace("yes: always", f"{answer}: often")
        .replace("symptom: always", f"symptom: {symptom}")
    )
    catalog = compile_catalog(
        pack({"knowledge/family/other.yaml": other, "templates/family/other.py.j2": "{{ name }} = 1\n"})
    )
    assert list(alike(catalog)) == [(CAUSE, "family/other")] * found


MISTAKES = [
    (edited("title: Title", "tilte: Title"), ["cause.yaml:1: unknown key 'tilte'; did you mean 'title'?", "cause.yaml:1: the key 'title' is missing"]),
    (edited("frequency: common", "frequency: usual"), ["cause.yaml:3: frequency: 'usual' is not one of 'common', 'occasional' or 'rare'"]),
    (edited("  symptom: always", "  symptm: always"), ["cause.yaml:5: no symptom 'symptm'; did you mean 'symptom'?"]),
    (edited("  symptom: always", "  symptom: usually"), ["cause.yaml:5: symptom: 'usually' is not one of 'always', 'often' or 'sometimes'"]),
    (edited("  question:\n", "  qestion:\n"), ["cause.yaml:7: no question 'qestion'; did you mean 'question'?"]),
    (edited("    yes: always", "    maybe: always"), ["cause.yaml:8: question has no option 'maybe'; it has yes, no"]),
    (edited("'Error (?P<name>\\w+)'", "'Error ('"), ["cause.yaml:10: not a pattern of RE2 and of Python: missing ), unterminated subpattern"]),
    (edited("'Error (?P<name>\\w+)'", "'x|(?i)Error'"), ["cause.yaml:10: not a pattern of RE2 and of Python: "]),
    (edited("'Error (?P<name>\\w+)'", "'^KeyError: .*'"), ["cause.yaml:11: KeyError is Python's own, and anybody's code can raise it"]),
    (edited("weight: confirms", "weight: proves"), ["cause.yaml:11: weight: 'proves' is not one of 'confirms', 'supports' or 'rules_out'"]),
    (edited("phrases:", "facts:\n  route-shadwed: confirms\nphrases:"), ["cause.yaml:13: no fact 'route-shadwed' is established by inspect; did you mean 'route-shadowed'"]),
    (edited("frequency: common", "frequency: common\nfrequency: rare"), ["cause.yaml:4: the key 'frequency' stands twice (first in line 3); keep one"]),
    (edited("title: Title", "title:"), ["cause.yaml:1: the value is empty; write one or leave the key out"]),
    (edited("title: Title", "title: !!python/name:os.system x"), ["cause.yaml:1: the tag tag:yaml.org,2002:python/name:os.system is not allowed; write plain text"]),
    (edited("title: Title", "title: &a Title\nsummary: *a"), ["cause.yaml:2: an alias (*name) is not allowed; write the value out"]),
    (edited("title: Title", "id: other\ntitle: Title"), ["cause.yaml:1: the id is the file's place and name; take this line out"]),
    (edited("phrases:\n  - it does not work", "phrases: it does not work"), ["cause.yaml:12: phrases: expected a list (- item)"]),
    (edited("        type: identifier", "        type: name"), ["cause.yaml:23: type: 'name' is not one of 'identifier', 'url_path', 'import_path', 'integer', 'url', 'choice' or 'text'"]),
    (edited("        type: identifier", "        type: choice"), ["cause.yaml:21: choices go with the type choice, and it with them"]),
    (edited("explanation: |", "explanation: ["), ["cause.yaml:16: not YAML: did not find expected ',' or ']'"]),
    ({"knowledge/families/family.yaml": None}, ["cause.yaml:1: no family 'family' in knowledge/families"]),
    ({f"templates/{CAUSE}.py.j2": None, "templates/other.py.j2": "1\n"}, ["cause.yaml:17: no template templates/family/cause.*.j2 for the fix 'repair'"]),
    ({"knowledge/questions/question.yaml": "text: Which?\nwhy: B\neffort: glance\noptions:\n  yes: Yes\n"}, ["question.yaml:4: a question needs at least two options"]),
    ({"knowledge/Odd Name.yaml": "a: b\n"}, ["Odd Name.yaml:1: expected knowledge/FOLDER/NAME.yaml, both in lower case with hyphens"]),
    ({"knowledge/family/empty.yaml": ""}, ["empty.yaml:1: the file is empty"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), MISTAKES, ids=[str(index) for index in range(len(MISTAKES))])
def test_each_mistake_is_named_with_its_line(pack, changes, expected):
    found = problems(pack(changes))
    for line in expected:
        assert any(problem.startswith(line) for problem in found), found


def test_all_mistakes_are_named_at_once(pack):
    changes = edited("frequency: common", "frequency: usual")
    changes["knowledge/symptoms/symptom.yaml"] = "group: Group\n"
    assert len(problems(pack(changes))) >= 2


@pytest.mark.parametrize(
    "line",
    [
        "weight: supports",
        "weight: confirms\n    reason: nobody else says it",
        "weight: confirms\n    within: routing",
        "weight: confirms\n    raised: in own code",
    ],
)
def test_an_exception_of_pythons_own_may_support_or_is_told_apart(pack, line):
    changes = edited("'Error (?P<name>\\w+)'", "'^KeyError: .*'")
    changes = {name: text.replace("weight: confirms", line) for name, text in changes.items()}
    assert compile_catalog(pack(changes)).causes[CAUSE].signals


@pytest.mark.parametrize("word", ["yes", "on", "3.10", "2026-01-01", "1e3", "null", "~", "0x10"])
def test_scalars_are_text(pack, word):
    catalog = compile_catalog(pack(edited("title: Title", f"title: {word}")))
    assert word == catalog.causes[CAUSE].title


def test_the_compiled_form_is_used_until_something_changes(pack, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    content = pack()
    assert compared(load(content)) == compared(load(content))
    kept = cache_file(content, CATALOG)
    assert kept is not None
    assert kept.exists()
    kept.write_bytes(b"damaged")
    assert list(load(content).causes) == [CAUSE]


def test_a_folder_without_knowledge_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no folders knowledge/ and templates/ here"):
        find_content(tmp_path)
