"""Somebody who has one cause, sees what it shows, and answers what the wizard asks as its YAML says."""

import re

from troubleshoot.model import SYMPTOM_QUESTION

WORDS = ("always", "often", "sometimes")
ENDS = ("What now?", "Did it help?")
MENU = re.compile(r"\? (?P<text>.*?)  ?\((?:keys or arrows|type to filter, arrows), Enter\)(?P<choices>.*)", re.DOTALL)
CHOICE = re.compile(r"^ [» ] (?P<key>[0-9?a-z]) {2}(?P<label>.*(?:\n {6}\S.*)*)", re.MULTILINE)


def flat(text):
    """Return `text` without regard to how it is broken into lines."""
    return " ".join(text.split())


class Walker:
    """A dialogue with somebody whose application has `cause`."""

    def __init__(self, wizard, catalog, cause):
        self.wizard = wizard
        self.catalog = catalog
        self.cause = catalog.causes[cause]
        self.asked = []

    def walk(self, most):
        """Answer until the wizard asks what now, at most so many times; return what was asked."""
        while True:
            text, choices = self.menu()
            if text in ENDS:
                return self.asked
            assert len(self.asked) < most, self.asked
            self.asked.append(text)
            self.wizard.type(self.answer(text, choices))

    def menu(self):
        """Wait for a question that has not been answered, and return it with its choices, by key."""
        self.wizard.wait_for(r"(keys or arrows|type to filter, arrows), Enter\)")
        self.wizard.settle()
        screen = "\n".join(line.rstrip() for line in self.wizard.screen.display)
        shown = MENU.match("? " + re.split(r"^\? ", screen, flags=re.MULTILINE)[-1])
        assert shown, self.wizard.screen.display
        return flat(shown["text"]), {found["key"]: flat(found["label"]) for found in CHOICE.finditer(shown["choices"])}

    def answer(self, text, choices):
        """Return what to type for the truth: a key, or in a long list the beginning of a label."""
        wanted = list(self.true_labels(text))
        for key, label in choices.items():
            if label in wanted:
                return key
        screen = flat(" ".join(self.wizard.screen.display))
        listed = [label for label in wanted if label in screen and "type to filter" in screen]
        return f"{listed[0][:10]}\r" if listed else self.otherwise(choices)

    def true_labels(self, text):
        """Yield the labels that are true, the most certain first."""
        yield flat(self.cause.tell)
        for symptom in self.cause.symptoms:
            known = self.catalog.symptoms[symptom]
            yield from (flat(known.title), known.group)
            if text == f"I take it: {flat(known.title)}.":
                yield "Yes, go on"
        for question, said in self.cause.answers.items():
            if question != SYMPTOM_QUESTION and flat(self.catalog.questions[question].text) == text:
                best = min(said.values(), key=WORDS.index)
                yield from (
                    flat(self.catalog.questions[question].options[option])
                    for option, how in said.items()
                    if how == best
                )

    def otherwise(self, choices):
        """Return the key for what is not known, or is none of what is shown."""
        labels = {label: key for key, label in choices.items()}
        for label in ("None of these", "No, it is something else", "I don't know"):
            if label in labels:
                return labels[label]
        raise AssertionError(choices)
