"""The one table that turns the knowledge's words into numbers. Nobody writes numbers into YAML.

Frequencies, and the weights of signals, symptoms, findings and resemblances, were fitted to real reports by
`tests/benchmarks/fit_strengths.py`; those of a dialogue were chosen for simulated users.

All weights of evidence are in bits: log2 of how much likelier the evidence is under a cause than under "none of these".
"""

from __future__ import annotations

from collections.abc import Mapping

from troubleshoot.model import Effort, Frequency, Likelihood, Severity, Sureness, Weight

FREQUENCY: Mapping[Frequency, float] = {"common": 1.2, "occasional": 1.0, "rare": 0.9}
"""How often a cause is met, relative to the others; real reports tell the words hardly apart."""

NONE_OF_THESE_PRIOR = 0.64
"""How probable it is, before anything is known, that the cause is not in the knowledge or cannot be told."""

LIKELIHOOD: Mapping[Likelihood, float] = {"always": 12.0, "often": 4.0, "sometimes": 1.5}
"""How often a cause shows a symptom or implies an answer, relative to the other options it names."""

NOISE = 0.15
"""The share of answers that are wrong in any way; it is what makes one wrong answer survivable."""

SIGNAL_BITS: Mapping[Weight, float] = {"confirms": 12.4, "supports": 6.2, "rules_out": -6.0}

SYMPTOM_SHARE = 1.1
"""How much of a symptom's weight counts when a log or a text shows it, relative to a person's choosing it."""

FINDING_BITS: Mapping[Severity, float] = {"error": 5.5, "warning": 4.4, "info": 2.2}
"""The weight of a mistake found in source: it is there, but need not be what hurts."""

PASTED_SHARE = 2.0
"""How much of that weight counts where the source stands in a complaint: people paste what they think matters."""

CLEAN_BITS = -1.5
"""The weight of source that was searched for a mistake and does not show it."""

VERSION_BITS: Mapping[str, float] = {"inside": 0.1, "outside": -6.0}
"""The weight of a version in which a cause exists, as it does for most people, or does not."""

RESEMBLANCE_BITS = 23.4
"""The weight of a complaint that could not be more like what is known of a cause."""

ELSEWHERE_BITS = 8.0
"""The weight of another framework's name, and none of this one's, for none of the causes known."""

TELL_BITS: Mapping[str, float] = {"yes": 7.0, "no": -3.0}
"""The weight of a tell that was recognised, or was shown and not recognised."""

READING_BITS: Mapping[Sureness, float] = {"sure": 11.8, "likely": 8.5, "possible": 4.5}
"""The weight of a cause that somebody names who has read the case, by how sure they say they are.

Of 60 real reports that a language model read with the list of causes, it was sure in 51, and right in 50 of these; of
the other 9 it was right in 6. Fifty of 51 may be luck: more than nine of ten is what is certain. And it has read the
same words that are weighed by themselves. So sure alone is `likely`, one step below the bar of `diagnosed`, and
anything that was observed besides takes it across; likely alone is not yet half, possible a hint.
"""

RIVAL_BITS = 0.5
"""How far another cause must lead by what was observed for a reading to make no diagnosis against it: then both are
named. It is more than how often causes are met differs by. With a wrong cause given as sure, of 20 reports 9 were
diagnosed wrongly without this.
"""

OUTCOME_BITS: Mapping[str, float] = {"yes": 15.0, "no": -60.0}
"""The weight of "did the fix help?"; a no rules the cause out, whatever else speaks for it."""

EFFORT: Mapping[Effort, float] = {"glance": 1.0, "look": 1.5, "run": 3.0, "experiment": 6.0}
"""What an answer costs, relative to a glance."""

SYMPTOM_EFFORT: Effort = "glance"
TELL_EFFORT: Effort = "look"
TELLS_SHOWN = 6
TELLS_AGAIN = 2
"""How many tells are shown where somebody could say nothing about a page of them, and nothing else is left to ask."""

DIAGNOSED = 0.85
"""The least probability at which the program stakes its name on a cause."""

LIKELY = 0.8
"""The least probability of the causes that are named together, of which one is said to be the cause."""
MOST_NAMED = 5
"""How many are named at the most; more would be no help."""

WORTH_ASKING = 0.03
"""The least information, in bits, for which a question is still asked."""

ALIVE = 1e-4
"""Causes less probable than this share of the leader are no longer asked about."""

TAKEN = 0.4
TAKEN_OVER = 4.0
"""How probable a symptom is, and how many times as probable as the next, before it is taken instead of asked for."""

LEAST_EXPECTED = 0.01
"""Options of the opening question less probable than this share of the likeliest are not offered."""
