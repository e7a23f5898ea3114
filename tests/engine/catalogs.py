"""Catalogs and evidence made up by hypothesis, and one made by hand."""

from __future__ import annotations

from hypothesis import strategies as st

from troubleshoot.model import Catalog, Cause, Evidence, Examples, Family, Fix, Question, Symptom

WORDS = ("always", "often", "sometimes")


def cause(id_: str, symptoms: dict[str, str], answers: dict[str, dict[str, str]], frequency: str = "common") -> Cause:
    """Return a cause about which nothing else is said."""
    return Cause(
        id=id_,
        title=f"Title of {id_}",
        tell=f"Tell of {id_}",
        frequency=frequency,  # type: ignore[arg-type]
        symptoms=symptoms,  # type: ignore[arg-type]
        answers=answers,  # type: ignore[arg-type]
        explanation="Explanation",
        fixes={"fix": Fix(title="Fix", check="Check")},
        references=("https://example.org",),
        examples=Examples(matches=("match",)),
        phrases=(f"phrase of {id_}",),
    )


def catalog_of(causes: list[Cause], symptoms: list[str], questions: dict[str, list[str]]) -> Catalog:
    """Return a catalog of these causes, sorted as a loaded one is."""
    return Catalog(
        families={"family": Family(id="family", title="Family", about="About")},
        symptoms={id_: Symptom(id=id_, group="Group", title=f"Title of {id_}") for id_ in sorted(symptoms)},
        questions={
            id_: Question(
                id=id_, text=f"{id_}?", why="Why", effort="glance", options={option: option for option in options}
            )
            for id_, options in sorted(questions.items())
        },
        causes={item.id: item for item in sorted(causes, key=lambda item: item.id)},
        templates={},
        verified_with={},
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Draw a small catalog in which every reference is sound."""
    symptoms = [f"symptom-{index}" for index in range(draw(st.integers(1, 4)))]
    questions = {
        f"question-{index}": [f"option-{option}" for option in range(draw(st.integers(2, 4)))]
        for index in range(draw(st.integers(1, 4)))
    }
    words = st.sampled_from(WORDS)
    causes = []
    for index in range(draw(st.integers(1, 6))):
        shows = draw(st.dictionaries(st.sampled_from(symptoms), words, min_size=1))
        asked = draw(st.lists(st.sampled_from(sorted(questions)), unique=True))
        answers = {
            question: draw(st.dictionaries(st.sampled_from(questions[question]), words, min_size=1))
            for question in asked
        }
        frequency = draw(st.sampled_from(("common", "occasional", "rare")))
        causes.append(cause(f"family/cause-{index}", shows, answers, frequency))
    return catalog_of(causes, symptoms, questions)


@st.composite
def evidence(draw: st.DrawFn, catalog: Catalog) -> list[Evidence]:
    """Draw evidence of every kind about the causes, questions and symptoms of `catalog`."""
    causes = st.sampled_from(sorted(catalog.causes))
    items = []
    for index in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(("answer", "symptom", "signal", "resemblance", "tell", "reading", "outcome")))
        subject, value, degree = draw(causes), "", draw(st.floats(0, 1))
        if kind == "answer":
            subject = draw(st.sampled_from(sorted(catalog.questions)))
            value = draw(st.sampled_from(list(catalog.questions[subject].options)))
        elif kind == "symptom":
            subject = draw(st.sampled_from(sorted(catalog.symptoms)))
        elif kind == "signal":
            value = draw(st.sampled_from(("confirms", "supports", "rules_out")))
        elif kind == "reading":
            value = draw(st.sampled_from(("sure", "likely", "possible")))
        elif kind != "resemblance":
            value = draw(st.sampled_from(("yes", "no")))
        items.append(
            Evidence(
                kind=kind,
                subject=subject,
                value=value,
                key=str(index),
                degree=degree,
                source="test",
                what=f"item {index}",
            )
        )
    return items


@st.composite
def known(draw: st.DrawFn) -> tuple[Catalog, list[Evidence]]:
    """Draw a catalog with evidence about it."""
    catalog = draw(catalogs())
    return catalog, draw(evidence(catalog))
