"""A problem whose cheapest plan is known: a scenario file with its search, and what is true of every plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labelcast.scenarios.search.question import Plan, Question
from labelcast.scenarios.search.read import read_question


@dataclass(frozen=True)
class Truth:
    """cost: the mean of a plan, currency units.  holds: whether it keeps what every plan must."""

    cost: float
    holds: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """The cheapest plan is asked for. text: the scenario file.  best: the plan that is known to be the cheapest of
    those that keep the constraints; None where no plan does.  truth: of any plan; may take runs of the question.
    facts: what is known of its plans, and the value, as a page tells it."""

    name: str
    text: str
    best: Plan | None
    truth: Callable[[Question, Plan], Truth]
    facts: tuple[tuple[str, str], ...] = ()

    def question(self, folder: Path) -> Question:
        """What the file asks. folder: where it is written."""
        path = folder / f"{self.name}.yaml"
        path.write_text(self.text, encoding="utf-8")
        return read_question(path)


def no_truth(question: Question, plan: Plan) -> Truth:
    """Of a problem of which nothing is known."""
    raise AssertionError(f"nothing is known of {told(question, plan)}")


def plans(question: Question) -> int:
    """How many plans there are."""
    return math.prod(len(one.nodes) for one in question.variables)


def plan_of(question: Question, *texts: str) -> Plan:
    """The plan with these values."""
    return tuple(one.texts.index(text) for one, text in zip(question.variables, texts, strict=True))


def told(question: Question, plan: Plan) -> str:
    """A plan in words: the values that vary."""
    return ", ".join(one.texts[place] for one, place in zip(question.variables, plan, strict=True))
