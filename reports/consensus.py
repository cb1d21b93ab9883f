"""Rules of consensus beside one another, for a terminal and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..sim.estimates.consensus import Lead, Majority, Rule, Sure
from ..sim.estimates.rules import Answers, Outcome, Question
from . import numbers
from .columns import columns

WARNED = Majority(5)
"""The rule that the warning is about."""


def consensus_text(found: Answers) -> str:
    """What was asked, a row a rule with the independent errors beside it, the warning, and what is assumed."""
    asked = found.question
    told = [
        f"Labels that are right with chance {_share(asked.accuracy)}, one of {asked.classes} classes, at "
        f"{_money(asked.price, asked.currency)} a label;",
        f"errors of an item's labels correlate with {numbers.significant(asked.correlation)}.",
        "",
        *columns(_rows(found)),
        "",
        _warning(found),
        *(f"Assumed: {sentence}" for sentence in assumed(found)),
    ]
    return "\n".join(told).replace(numbers.MINUS, "-")


def consensus_json(found: Answers) -> dict[str, Any]:
    """The same, unrounded. attractor: null for none.  independent: what independent errors would promise."""
    asked = asdict(found.question)
    asked["attractor"] = asked["attractor"] if math.isfinite(asked["attractor"]) else None
    rules = [
        {"rule": rule_words(one.rule), **asdict(one.expected), "independent": asdict(one.independent)}
        for one in found.rules
    ]
    difficulty = {"skill": found.difficulty.skill, "difficulty_sd": found.difficulty.sd}
    return {**asked, **difficulty, "rules": rules, "assumed": assumed(found)}


def rule_words(rule: Rule) -> str:
    """A rule in a planner's words."""
    match rule:
        case Majority(1):
            return "1 label"
        case Majority(labels):
            return f"majority of {labels}"
        case Lead(ahead, most):
            return f"lead of {ahead}, at most {most}"
        case Sure(threshold, _, most):
            return f"until {numbers.significant(100.0 * threshold)}% sure, at most {most}"


def assumed(found: Answers) -> list[str]:
    """Sentences: what the numbers take for granted."""
    asked, hard = found.question, found.difficulty
    told = ["people are alike, and each labels an item once; ties are decided by lot among the tied labels."]
    if asked.correlation > 0.0:
        told.append(
            f"errors correlate because items differ in difficulty, normal in logits with spread "
            f"{numbers.significant(hard.sd)} (skill {numbers.significant(hard.skill)}), which is what correlation "
            f"{numbers.significant(asked.correlation)} means at this accuracy."
        )
    if asked.classes > 2:
        told.append(_attracted(asked))
    told.append(f"to be sure is to believe that each label is right with chance {_share(asked.accuracy)}, on its own.")
    return told


def _attracted(asked: Question) -> str:
    if math.isinf(asked.attractor):
        return "wrong labels of an item are alike and do not agree more than by chance (--attractor inf)."
    kappa = numbers.significant(asked.attractor)
    return f"wrong labels of an item tend to agree, with attractor {kappa} (2 to 4 on public sets; --attractor)."


def _rows(found: Answers) -> Iterator[tuple[str, ...]]:
    of = f" {found.question.currency}".rstrip()
    names = ("error", "tied", "labels/item", f"cost/item{of}", f"cost/correct{of}")
    yield ("rule", *names, "independent: error", "labels/item", f"cost/correct{of}")
    for one in found.rules:
        now, alone = one.expected, one.independent
        row = (_share(now.error), _share(now.tied), _labels(now), _cost(now.cost), _cost(now.cost_per_correct_label))
        beside = (_share(alone.error), _labels(alone), _cost(alone.cost_per_correct_label))
        yield (rule_words(one.rule), *row, *beside)


def _warning(found: Answers) -> str:
    """What believing in independence costs, in a sentence."""
    one = next(answer for answer in found.rules if answer.rule == WARNED)
    now, alone = one.expected.error, one.independent.error
    rule = rule_words(one.rule)
    if now <= alone * 1.005:
        return (
            f"A {rule} leaves {_share(now)} wrong; here errors are independent, which those of real labels seldom are."
        )
    how_many = f"{numbers.significant(now / alone, 2)} times" if alone > 0.0 else "not"
    return (
        f"Warning: a {rule} leaves {_share(now)} wrong, {how_many} the {_share(alone)} that independent errors promise."
    )


def _labels(found: Outcome) -> str:
    return numbers.plain(found.labels, 2)


def _share(value: float) -> str:
    """A percentage with three digits, and as many as show that a small one is not 0."""
    if 0.0 < value < 1e-8:
        return "<0.000001%"
    return f"{numbers.significant(100.0 * value)}%"


def _cost(value: float) -> str:
    return f"{value:#.4g}" if 0.0 < value < 1_000.0 else numbers.plain(value)


def _money(value: float, currency: str) -> str:
    return numbers.with_unit(numbers.significant(value, 6), currency)
