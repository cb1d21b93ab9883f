"""A fitted review in the scenario's words: parameters with intervals, what is assumed, what a planner should know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..fit import Assumption, Parameter
from .delay import SHARES
from .rates import Rate, wilson
from .review import FIRST_TASKS, Review

SENSITIVITY, FALSE_ALARM, ACCURACY = 0.8, 0.02, 0.9
"""What a scenario assumes where it does not say; a test holds them to the scenario's defaults."""

LEAST_ACCURACY = 0.34
"""An accuracy that we would not assume below this: so many rejections have another reason."""

AT_ONCE_S = 1.0
"""Time of a verdict where the log tells none: so short that reviewers hold up nothing."""

CLUSTERED = "Wilson interval on as many independent cases as vary alike over workers and sittings"


@dataclass(frozen=True)
class Where:
    """Names that the review has in a scenario: its stage and pool, and those of the work that it is of. seen: the log
    tells the reviewers' own work, so that time and people are fitted, and the wait comes of these."""

    stage: str
    pool: str
    of_stage: str
    of_pool: str
    seen: bool = False

    @classmethod
    def of(cls, stage: str, pool: str, others: Collection[str] = ()) -> Where:
        """Names that are still free beside the `stage` and `pool` of the work, and `others` of the line."""
        taken = {one.casefold() for one in (stage, pool, *others)}
        free = ["review", "reviewers"]
        for place in range(2):
            while free[place] in taken:
                free[place] += "-2"
        return cls(free[0], free[1], stage, pool)


def parameters(review: Review, where: Where) -> list[Parameter]:
    """All that was fitted of the review. Rates of rejection are what the log shows: in a scenario they follow from
    skill and reviewing, so that those paths are no keys of one."""
    path = f"stages.{where.stage}"
    out = [
        _share(
            f"{path}.fraction",
            review.fraction,
            "share of the work of the first round that a person reviews sooner or later: Kaplan-Meier, work not yet "
            "reviewed censored",
        ),
        _share(f"{path}.rejected", review.rejected, f"share of verdicts that reject; {CLUSTERED}"),
    ]
    if review.again is not None:
        out.append(_share(f"{path}.reviewed_again", review.again, "as fraction, of work that came back"))
    if len(review.by_round) > 1:
        out += [
            _share(f"{path}.rejected.round_{k}", one, f"as rejected, of work in round {k}")
            for k, one in review.by_round
        ]
    if review.early is not None and review.late is not None:
        out += [
            _share(f"{path}.rejected.first_{FIRST_TASKS}", review.early, "as rejected, of a worker's first tasks"),
            _share(f"{path}.rejected.later", review.late, f"as rejected, of tasks after the first {FIRST_TASKS}"),
        ]
    if review.fixed.value > 0:
        out.append(_share(f"{path}.fixed", review.fixed, f"share of verdicts that mend the work; {CLUSTERED}"))
    out += (
        _handoff(review, f"{path}.verdict_after" if where.seen else f"{path}.handoff")
        + _after(review, path)
        + _reviewing(review, where)
    )
    if review.people and not where.seen:
        out.append(
            Parameter(
                f"pools.{where.pool}.headcount", review.people, None, None, review.people,
                "reviewers named in the export", "people",
            )
        )  # fmt: skip
    return out


def _share(path: str, one: Rate, method: str) -> Parameter:
    return Parameter(path, one.value, one.low, one.high, one.n, method, "share")


def _handoff(review: Review, path: str) -> list[Parameter]:
    delay = review.delay
    if delay is None:
        return []
    how = f"bootstrap over {delay.days} days" if delay.days else "bootstrap over rows, as days are few"
    method = f"time from submit to verdict, {delay.censored} not yet or never reviewed censored; {how}"
    rows = zip(SHARES, delay.quantiles.tolist(), delay.low.tolist(), delay.high.tolist(), strict=True)
    return [
        Parameter(f"{path}.quantiles.{_key(share)}", value, low, high, delay.events, method, "s")
        for share, value, low, high in rows
    ]


def _key(share: float) -> str:
    return f"p{100 * share:.0f}"


def _after(review: Review, path: str) -> list[Parameter]:
    """What followed rejections."""
    n = len(review.rework.way)
    if not n:
        return []
    words = {"same": "done again by the same worker", "other": "done by another", "none": "not done again"}
    return [
        _share(
            f"{path}.on_reject.{way}",
            wilson(review.rework.count(way) / n, n, n, n - 1),
            f"share of rejections that were {words[way]}; Wilson interval",
        )
        for way in words
    ]


def _reviewing(review: Review, where: Where) -> list[Parameter]:
    """Sensitivity and false alarm, of test questions with ten verdicts and more."""
    out = []
    for name, one, what in (
        ("sensitivity", review.sensitivity, "wrong"),
        ("false_alarm", review.false_alarm, "right"),
    ):
        if one is not None and one.n >= 10:
            path = f"pools.{where.pool}.reviewing.{name}"
            out.append(_share(path, one, f"rejected among {what} answers to test questions; {CLUSTERED}"))
    return out


def assumptions(review: Review, where: Where, *, skill_known: bool) -> list[Assumption]:
    """What the block of the review has and the log does not tell."""
    if review.each > 1:
        return []
    out = []
    if not review.people and not where.seen:
        why = "the export names no reviewer; the wait for a verdict stands as hand-off"
        out.append(Assumption(f"pools.{where.pool}.headcount", 1, why))
    why = "seconds; the export does not tell how long a verdict took, so that reviewers hold up nothing"
    if review.time is not None:
        why = "seconds, median time between two verdicts of a sitting; at most so long, as waits for work are in it"
    if not where.seen:
        out.append(Assumption(f"stages.{where.stage}.time.constant", review.time or AT_ONCE_S, why))
    if not skill_known:
        sensitivity, false_alarm = _rates(review)
        accuracy = (sensitivity - review.rejected.value) / (sensitivity - false_alarm)
        if LEAST_ACCURACY <= accuracy < 1:
            why = (
                f"no test questions: set so that reviewers who find {sensitivity:.0%} of the errors and reject "
                f"{false_alarm:.0%} of what is right reject {review.rejected.value:.1%}, as in the log"
            )
            out.append(Assumption(f"pools.{where.of_pool}.skill.accuracy", accuracy, why))
    return out


def _rates(review: Review) -> tuple[float, float]:
    """(sensitivity, false alarm) that a scenario from this fit has."""
    known = [one.value if one is not None and one.n >= 10 else None for one in (review.sensitivity, review.false_alarm)]
    return (SENSITIVITY if known[0] is None else known[0]), (FALSE_ALARM if known[1] is None else known[1])


def block(review: Review, where: Where) -> dict[str, Any]:
    """pools and stages of the review as a scenario writes them, and rework_by of the work's own stage; empty where
    items get several labels, since a scenario reviews an item once its labels are one."""
    if review.each > 1:
        return {}
    reviewing = {one.path.rsplit(".", 1)[1]: f"{100 * one.value:.4g}%" for one in _reviewing(review, where)}
    stage: dict[str, Any] = {
        "kind": None if where.stage == "review" else "review",
        "pools": [where.pool],
        "time": {"constant": f"{review.time or AT_ONCE_S:.4g} s"},
        "fraction": f"{100 * review.fraction.value:.4g}%",
        "handoff": _wait(review),
    }
    pool: dict[str, Any] = {"headcount": str(max(1, review.people)), "calendar": "always", "reviewing": reviewing}
    if where.seen:
        stage |= {"time": None, "handoff": None}
        pool = {"reviewing": reviewing}
    if review.rework.rounds and review.rework.kept:
        stage["on_reject"] = {"rounds": str(review.rework.rounds)}
    elif len(review.rework.way) and not review.rework.rounds:
        stage["on_reject"] = {"rounds": "0"}
    return {
        "pools": {} if where.pool == where.of_pool else {where.pool: pool},
        "stages": {where.stage: stage},
        "rework_by": _by(review),
    }


def _by(review: Review) -> str | None:
    """author, where the same worker redid more of the rejected work than chance would give; None where nobody did."""
    same, other = (review.rework.count(way) for way in ("same", "other"))
    if same + other == 0:
        return None
    work = review.verdicts.rows["worker"].value_counts(normalize=True).to_numpy()
    done = wilson(same / (same + other), same + other, same + other, same + other - 1)
    return "author" if done.low > float((work**2).sum()) else "anyone"


def _wait(review: Review) -> dict[str, Any] | None:
    """The hand-off: quantiles that rise, as a scenario demands, or one time."""
    if review.delay is None or review.delay.quantiles[-1] <= 0:
        return None
    rising: dict[str, str] = {}
    before = 0.0
    for share, value in zip(SHARES, review.delay.quantiles, strict=True):
        if float(f"{value:.5g}") > before:
            before = float(f"{value:.5g}")
            rising[_key(share)] = f"{before:.5g} s"
    if len(rising) < 2:
        return {"constant": f"{float(np.median(review.delay.quantiles)):.5g} s"}
    return {"quantiles": rising}


def notes(review: Review, where: Where) -> list[str]:
    """What a planner should know of the review."""
    verdicts, out = review.verdicts, []
    n = int(verdicts.rows["reviewed"].sum())
    told = f"{n} of {len(verdicts.rows)} judgements got a verdict by a person"
    if verdicts.automatic:
        told += f"; {verdicts.automatic} were approved by the platform itself, which is no review"
    out.append(f"{told}.")
    if review.delay is not None and review.delay.young:
        out.append(
            f"{review.delay.young} judgements without a verdict are younger than the 95% quantile of the wait for one: "
            "their verdict may still come."
        )
    if verdicts.backward:
        out.append(f"{verdicts.backward} verdicts are stamped before the submit; their wait is not used.")
    if review.delay is None and verdicts.rows["reviewed_ms"].notna().any():
        out.append("What got a verdict waited longer than nearly all that has none: how long is usual cannot be told.")
    if review.each > 1:
        out.append(
            f"Items get {review.each} labels, and each is reviewed by itself; a scenario reviews an item once its "
            "labels are one. The review is told, and is not in the scenario block."
        )
        return out
    out += _cautions(review, where)
    return out


def _cautions(review: Review, where: Where) -> list[str]:
    out = []
    if review.delay is not None and where.seen:
        out.append(
            f"Half of the verdicts are there {review.delay.quantiles[5] / 3600:.3g} h after the submit. The scenario "
            "has no hand-off: waits come of the reviewers' hours and of queues."
        )
    elif review.delay is not None:
        out.append(
            f"The wait for a verdict, nights and queues included, is the hand-off of stages.{where.stage}, so its "
            "reviewers have the calendar always. Write their calendar, time and pay to plan with their hours."
        )
    if review.fixed.value > 0:
        out.append(
            f"Reviewers mended {review.fixed.value:.1%} of what they saw themselves; a scenario's reviewers only "
            "accept or reject, and mended work counts as accepted in the block."
        )
    if review.again is not None and review.again.high < 0.9:
        out.append(
            f"{review.again.value:.0%} of the work that came back was reviewed again; a scenario reviews all of it."
        )
    way = review.rework
    if way.open:
        out.append(f"{way.open} rejections are so late that the work may still be done again; they are left out.")
    if len(way.way) and way.count("none") > 0.05 * len(way.way):
        out.append(
            f"{way.count('none')} of {len(way.way)} rejected judgements were never done again; a scenario delivers "
            "what is rejected after the last round."
        )
    sensitivity, false_alarm = _rates(review)
    if not false_alarm < review.rejected.value < sensitivity:
        out.append(
            f"{review.rejected.value:.1%} of verdicts reject, which no accuracy gives with reviewers who find "
            f"{sensitivity:.0%} of the errors and reject {false_alarm:.0%} of what is right: write "
            f"pools.{where.pool}.reviewing, or rework will be forecast wrongly."
        )
    return out


def unsigned(judgements_thrown_out: int) -> str:
    """Of rejections that nobody signed."""
    return (
        f"{judgements_thrown_out} judgements were thrown out, and the export tells neither by whom nor when: a "
        "platform does so by its own rules, so they are no reviews."
    )
