"""What the gates of a line let through, in closed form: lots that are inspected, people who answer gold."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..sim.inspection import caught, outgoing, process_acceptance
from ..sim.line import Gold, Line, Lot
from ..sim.schemes import scheme
from ..sim.switching import WHOLE
from . import numbers

WRONG = (0.01, 0.02, 0.05, 0.1)
"""Shares of wrong labels in a lot that a planner asks about."""

EVERY = np.linspace(0.0, 1.0, 501)
"""Shares of wrong labels among which the worst is looked for."""

RIGHT = (0.6, 0.8, 0.95)
"""Accuracies of workers, likewise."""


def gate_lines(line: Line) -> Iterator[str]:
    """A sentence or two for each stage that inspects lots, or sends people home over gold."""
    for stage in line.stages:
        if stage.kind == "inspect":
            yield from _lots(stage.name, stage.lot)
            if stage.lot.switching is not None:
                yield from _switching(stage.name, stage.lot)
        if stage.gold.share > 0.0 and stage.gold.ban_below is not None:
            yield _gold(stage.name, stage.gold, stage.gold.ban_below)


def _lots(name: str, lot: Lot) -> Iterator[str]:
    chance = process_acceptance(lot, np.array(WRONG))
    told = ", ".join(f"{_share(c)} with {_share(w)} wrong" for w, c in zip(WRONG, chance.tolist(), strict=True))
    sample = numbers.plain(min(lot.sample, lot.size))
    rule = f"of lots of {numbers.plain(lot.size)} with {sample} inspected and at most {lot.accept} rejected"
    yield f"{name}: {rule}, so many are accepted, if judges err not: {told}."
    wrong = np.arange(lot.size + 1)
    left = outgoing(lot, wrong)
    worst = int(np.argmax(left))
    yield (
        f"{name}: where rejected lots are mended as a whole, {_share(float(left[worst]))} wrong is the most that is "
        f"left (of {_share(worst / lot.size)} that came)."
    )


def _switching(name: str, lot: Lot) -> Iterator[str]:
    """What all plans of a stage do together, where the share of wrong labels stays what it is."""
    found = scheme(lot, np.array(WRONG))
    told = ", ".join(
        f"{_share(float(taken))} / {_share(float(by[WHOLE]))} / {numbers.significant(float(seen))} with {_share(wrong)}"
        for wrong, taken, by, seen in zip(WRONG, found.accepted, found.severities, found.inspected, strict=True)
    )
    yield (
        f"{name}: with switching, in the long run, lots accepted by a sample / inspected as a whole / items that are "
        f"looked at of a lot, if quality stays as it is and judges err not: {told} wrong."
    )
    left = scheme(lot, EVERY).outgoing
    worst = int(np.argmax(left))
    yield (
        f"{name}: with switching, where rejected lots are mended as a whole, {_share(float(left[worst]))} wrong is the "
        f"most that is left in the long run (of {_share(float(EVERY[worst]))} that came)."
    )


def _gold(name: str, gold: Gold, below: float) -> str:
    least = gold.after - math.ceil(below * gold.after - 1e-9) + 1
    chance = caught(np.array(RIGHT), gold.after, least)
    told = ", ".join(f"{_share(c)} of those right in {_share(r)}" for r, c in zip(RIGHT, chance.tolist(), strict=True))
    end = "trained anew" if gold.retrain_s > 0.0 else "sent home"
    return f"{name}: at {gold.after} gold answers, {end} for {least} or more wrong: {told}."


def _share(value: float) -> str:
    return "under 0.1%" if 0.0 < value < 0.001 else f"{numbers.significant(100.0 * value)}%"
