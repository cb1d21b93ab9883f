"""Rules of consensus beside one another: what each leaves wrong and costs, and what independent errors promise."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .consensus import Lead, Majority, Rule, Sure, Verdict, verdict, verdicts
from .difficulty import Difficulty, difficulty


@dataclass(frozen=True)
class Question:
    """What a buyer knows. accuracy: of one label, above 1 / classes, below 1.  correlation: intraclass correlation of
    the errors of an item's labels.  price: of a label.  attractor: kappa of wrong labels, infinity for none.
    currency: "" where it was not said."""

    accuracy: float
    correlation: float
    classes: int
    price: float
    attractor: float = 3.0
    currency: str = ""


@dataclass(frozen=True)
class Outcome:
    """error: chance that the label of an item is wrong, ties decided by lot.  tied: chance of a tie.  labels: per item.
    cost: per item; cost_per_correct_label: per item whose label is right."""

    error: float
    tied: float
    labels: float
    cost: float
    cost_per_correct_label: float


@dataclass(frozen=True)
class Answer:
    """A rule. expected: with errors that correlate.  independent: with errors that do not, of labels as accurate."""

    rule: Rule
    expected: Outcome
    independent: Outcome


@dataclass(frozen=True)
class Answers:
    """difficulty: what items must be like for errors to correlate as asked."""

    question: Question
    difficulty: Difficulty
    rules: tuple[Answer, ...]


def answers(question: Question) -> Answers:
    """The rules that people use, on this question."""
    hard, classes = difficulty(question.accuracy, question.correlation), question.classes
    found = []
    for rule in common(question.accuracy):
        ours = verdicts(hard.p, hard.weights, rule, classes, question.attractor)
        expected = Verdict(*(float(one) for one in ours))
        alone = verdict(question.accuracy, rule, classes, math.inf)
        found.append(Answer(rule, _outcome(expected, question.price), _outcome(alone, question.price)))
    return Answers(question, hard, tuple(found))


def common(accuracy: float) -> tuple[Rule, ...]:
    """Majorities of 1 to 9 labels, leads, and labels until who believes in `accuracy` and independence is sure."""
    fixed = [Majority(labels) for labels in range(1, 10)]
    return (*fixed, Lead(2, 7), Lead(3, 9), Sure(0.95, accuracy, 7), Sure(0.99, accuracy, 9))


def _outcome(found: Verdict[float], price: float) -> Outcome:
    cost = price * found.labels
    return Outcome(found.error, found.tied, found.labels, cost, cost / (1.0 - found.error))
