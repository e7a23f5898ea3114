"""The one table that turns the knowledge's words into numbers. Nobody writes numbers into YAML.

All weights of evidence are in bits: log2 of how much likelier the evidence is under a cause than under "none of these".
"""

from __future__ import annotations

from collections.abc import Mapping

from troubleshoot.model import Effort, Frequency, Likelihood, Severity, Weight

FREQUENCY: Mapping[Frequency, float] = {"common": 1.25, "occasional": 1.1, "rare": 1.0}
"""How often a cause is met, relative to the others."""

NONE_OF_THESE_FREQUENCY = 25.0
"""How often the cause is one that is not in the knowledge, relative to the others: like seventeen common ones."""

LIKELIHOOD: Mapping[Likelihood, float] = {"always": 12.0, "often": 4.0, "sometimes": 1.5}
"""How often a cause shows a symptom or implies an answer, relative to the other options it names."""

NOISE = 0.1
"""The share of answers that are wrong in any way; it is what makes one wrong answer survivable."""

SIGNAL_BITS: Mapping[Weight, float] = {"confirms": 9.0, "supports": 4.0, "rules_out": -6.0}

FINDING_BITS: Mapping[Severity, float] = {"error": 8.5, "warning": 8.0, "info": 5.0}
"""The weight of a mistake found in source: it is there, but need not be what hurts."""

CLEAN_BITS = -4.0
"""The weight of source that was searched for a mistake and does not show it."""

VERSION_BITS: Mapping[str, float] = {"inside": 0.5, "outside": -6.0}
"""The weight of a version in which a cause exists, as it does for most people, or does not."""

RESEMBLANCE_BITS = 22.0
"""The weight of a complaint that could not be more like what is known of a cause."""

TELL_BITS: Mapping[str, float] = {"yes": 7.0, "no": -3.0}
"""The weight of a tell that was recognised, or was shown and not recognised."""

OUTCOME_BITS: Mapping[str, float] = {"yes": 12.0, "no": -12.0}
"""The weight of "did the fix help?"."""

EFFORT: Mapping[Effort, float] = {"glance": 1.0, "look": 1.5, "run": 3.0, "experiment": 6.0}
"""What an answer costs, relative to a glance."""

SYMPTOM_EFFORT: Effort = "glance"
TELL_EFFORT: Effort = "look"
TELLS_SHOWN = 6

DIAGNOSED = 0.85
"""The least probability at which the program stakes its name on a cause."""

LIKELY = 0.8
"""The least probability of the causes that are named together, of which one is said to be the cause."""
MOST_NAMED = 5
"""How many are named at the most; more would be no help."""

WORTH_ASKING = 0.08
"""The least information, in bits, for which a question is still asked."""

ALIVE = 1e-4
"""Causes less probable than this share of the leader are no longer asked about."""
