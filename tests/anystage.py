"""Rules of stages, for Hypothesis: most of them neutral, few and round times, see anyline.py."""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st
from lines import constant, exponential

from labelcast.sim.line import (
    Batch,
    Consensus,
    Dedup,
    Distribution,
    Escalation,
    Gather,
    Gold,
    Lot,
    Model,
    Risk,
    Rotation,
    SamplePlan,
    SelfCheck,
    Skip,
    Suggestion,
    Switching,
)

T = TypeVar("T")
HOUR, DAY = 3600.0, 86_400.0

TIMES = st.sampled_from(
    (constant(60.0), constant(120.0), exponential(90.0), Distribution("lognormal", {"median": 300.0, "sigma": 1.0}))
)


def one_of(*values: T) -> st.SearchStrategy[T]:
    """One of the values; the first, which is the neutral one, is what examples shrink to."""
    return st.sampled_from(values)


SWITCHING = Switching(SamplePlan(1, 0), screened=1)
"""Lots of one, that are inspected as a whole in any case: many switches in few items."""

RULES: dict[str, st.SearchStrategy[Any]] = {
    "time": TIMES,
    "handoff": one_of(None, constant(60.0), exponential(600.0)),
    "gather": one_of(Gather(), Gather(2, 120.0), Gather(3, HOUR)),
    "batch": one_of(Batch(), Batch(2, 30.0), Batch(3, 0.0, together=True)),
}
"""Rules that all stages have."""

ASKED = Skip(0.4, constant(60.0), 1, exponential(1200.0), "always")
ASKED_AFAR = Skip(0.5, exponential(30.0), 2, constant(HOUR), "office", {"team": 600.0}, {"team": 60.0, "judges": HOUR})

BY_PEOPLE: dict[str, st.SearchStrategy[Any]] = {
    "route": one_of("share", "prefer", "shortest", "skill", "difficulty"),
    "route_error": one_of(0.0, 1.0),
    "shift_end": one_of("pause", "finish", "return"),
    "wip": one_of(None, 1, 3),
    "sla_s": one_of(None, HOUR),
    "skip": one_of(Skip(), Skip(0.4, exponential(30.0), 1), Skip(0.7, constant(60.0), 1), ASKED, ASKED_AFAR),
    "escalation": one_of(None, Escalation(HOUR, "adjudicate"), Escalation(DAY, "adjudicate")),
}

FADING = Gold(0.3, ban_below=0.95, after=1, retrain_s=600.0, retrain_gain=2.0, retrain_half_s=HOUR)

OF_KIND: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "dedup": {"dedup": one_of(Dedup(), Dedup(0.8, 0.9)), "servers": one_of(None, 1)},
    "prelabel": {"model": one_of(Model(), Model(0.5, {"bus": -1.0})), "servers": one_of(None, 1)},
    "work": {},
    "annotate": {
        "labels_per_item": st.integers(1, 3),
        "consensus": one_of(
            Consensus(),
            Consensus("weighted"),
            Consensus("lead", lead=2, most=3),
            Consensus("posterior", threshold=0.9, most=3),
        ),
        "rework_by": one_of("author", "anyone"),
        "gold": one_of(Gold(), Gold(0.3), Gold(0.3, ban_below=0.9, after=1, retrain_s=600.0, retrain_gain=1.0), FADING),
        "suggestion": one_of(Suggestion(), Suggestion(0.5, 0.5, 1.5)),
        "rotation": one_of(None, Rotation(HOUR, 4), Rotation(DAY, 3)),
        "self_check": one_of(None, SelfCheck(constant(60.0)), SelfCheck(exponential(30.0), 0.8, 0.5)),
    },
    "review": {
        "fraction": one_of(1.0, 0.5),
        "segment_fractions": one_of({}, {"first": 0.2}),
        "class_fractions": one_of({}, {"bus": 1.0, "car": 0.3}),
        "risk": one_of(Risk(), Risk(0.9), Risk(0.8, ("car",))),
        "tenure_fractions": one_of((), ((2, 1.0), (4, 0.3))),
        "rounds": st.integers(0, 1),
        "rotation": one_of(None, Rotation(HOUR, 4)),
    },
    "inspect": {
        "rounds": st.integers(0, 1),
        "lot": one_of(
            *(Lot(3, 1, 0, HOUR), Lot(2, 2, 1, DAY), Lot(4, 0, 0, HOUR)),
            *(Lot(2, 1, 0, HOUR, Switching(SamplePlan(2, 0), SamplePlan(1, 0), 2)), Lot(1, 1, 0, HOUR, SWITCHING)),
        ),
    },
    "adjudicate": {},
}

UNSURE: dict[str, st.SearchStrategy[Any]] = {
    "lock_s": one_of(None, 100.0, HOUR),
    "gold": one_of(Gold(), Gold(0.3, ban_below=0.9, after=1)),
}
"""Rules under which an item may find nobody any more."""

ALWAYS = {
    "inspect": ("time", "lot"),  # a lot of the default size waits a week for its items
    "annotate": ("time", "labels_per_item", "consensus"),  # or hardly a line would have more than one label an item
}
"""Rules that are drawn for every stage of a kind; else its time."""


@st.composite
def rules(draw: st.DrawFn, kind: str, certain: bool) -> dict[str, Any]:
    """What a stage of a kind says besides its name, its people and where it leads; most of it neutral."""
    choices = RULES | OF_KIND[kind]
    if kind not in ("dedup", "prelabel"):
        choices = choices | BY_PEOPLE
        choices = choices if certain else choices | UNSURE
    if kind == "adjudicate":
        choices = {name: rule for name, rule in choices.items() if name != "escalation"}
    some = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, min_size=2, max_size=8))
    found = {name: draw(choices[name]) for name in dict.fromkeys([*ALWAYS.get(kind, ("time",)), *some])}
    if found.get("lock_s") is not None and found.get("skip", Skip()).answer is not None:
        del found["skip"]  # which stand at no stage together
    return found
