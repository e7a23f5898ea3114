"""The same complaint among greetings, templates and the rest of a story is the same complaint."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.investigation.examination import examine_complaint
from troubleshoot.investigation.session import Session
from troubleshoot.sources.passages import judged as judged_sentence
from troubleshoot.sources.pasted import take_apart
from troubleshoot.sources.words import read_words

CONTENT = find_content()
CATALOG = load(CONTENT)
LEAST_WORDS = 8
WORDS = read_words(CONTENT.knowledge)


def is_about_something(text: str) -> bool:
    """Return whether the program takes `text` for a problem or a log; what is fainter counts only when alone."""
    complaint = take_apart(text)
    return bool(complaint.log) or any(judged_sentence(part, WORDS).about >= 0.6 for part in complaint.paragraphs)


COMPLAINTS = sorted(
    (cause.id, text)
    for cause in CATALOG.causes.values()
    for text in cause.examples.matches
    if "\n" not in text.strip() and len(text.split()) >= LEAST_WORDS and text[:1].isalpha() and is_about_something(text)
)
AROUND = {
    "greeting": (
        "Hello dear community! I have been using this framework for about half a year and I enjoy it very much, so a big "
        "thank you to everyone who contributes. I have read the documentation carefully and searched the existing issues. "
        "Please tell me if anything is missing from this report and I will add it. Sorry for my English."
    ),
    "template": (
        "### First Check\n\n- [x] I added a very descriptive title to this issue.\n- [x] I used the GitHub search to find a "
        "similar issue and didn't find it.\n- [x] I already read and followed all the tutorial in the docs.\n\n### Commit to "
        "Help\n\n- [x] I commit to help with one of those options 👆\n\n### Additional Context\n\n_No response_"
    ),
    "story": (
        "The first version was a spreadsheet that a student made. "
        "We meet every second Thursday to plan what comes next, and the budget is tiny. I have been sitting on this for "
        "three days now and my boss is getting impatient. Thank you so much in advance and have a nice day!"
    ),
}


def judged(text: str) -> tuple[str, dict[str, float]]:
    session = Session(CATALOG)
    examine_complaint(text, session, CONTENT)
    return session.diagnosis().status, {item.cause: item.probability for item in session.ranking()}


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(COMPLAINTS), st.sampled_from(sorted(AROUND)), st.sampled_from(["before", "after", "both"]))
def test_length_does_not_matter(complaint, kind, place):
    cause, text = complaint
    before = AROUND[kind] + "\n\n" if place in ("before", "both") else ""
    after = "\n\n" + AROUND[kind] if place in ("after", "both") else ""
    status, alone = judged(text)
    longer, among = judged(before + text + after)
    assert abs(alone[cause] - among[cause]) <= 0.05
    assert longer == status


def test_sentences_in_between_do_not_matter_either():
    first = "Every request waits while one of them builds its report."
    second = "The endpoint is async def and calls requests.get."
    status, alone = judged(f"{first} {second}")
    longer, among = judged(f"{first}\n\n{AROUND['story']}\n\n{second}")
    leader = max(alone, key=alone.get)
    assert longer == status
    assert abs(alone[leader] - among[leader]) <= 0.05
