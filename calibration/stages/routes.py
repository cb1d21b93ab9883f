"""Where items go from each step: shares of what followed, with intervals; where an item was last seen is no end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..block import percentages
from .lines import Flow, in_order
from .rates import Rate, rate

DELIVER = "deliver"

MOST = 10
"""Places that a step may lead to in a scenario."""

LEAST = 0.002
"""Share of a step's items below which a way is left out."""

LOOP = 0.9
"""The most that may come back to where it was, by the rules of a scenario."""


@dataclass(frozen=True, eq=False)
class Routes:
    """ways: of each step by name, where its items go (a name or DELIVER) with the share, the likeliest first.
    open: items that were last seen so late that they may go on, whose last step tells no way.
    ends: steps whose last items are all so late; they are taken as done there, as nothing would ever be done else."""

    ways: dict[str, tuple[tuple[str, Rate], ...]]
    open: int
    ends: tuple[str, ...] = ()


def routes_of(judgements: pd.DataFrame, flow: Flow) -> Routes:
    """Shares of the ways between the steps of `flow`, those left out being passed over."""
    names = {step.word: step.name for step in flow.steps}
    rows = in_order(judgements[judgements["stage"].isin(names)])
    here = rows["stage"].map(names)
    last = (rows["item"] != rows["item"].shift(-1)).to_numpy()
    following = here.shift(-1).where(~last, DELIVER)
    wait = (rows["started_at"].shift(-1) - rows["submitted_at"]).dt.total_seconds().to_numpy()
    usual = float(np.quantile(wait[~last], 0.95)) if (~last).any() else 0.0
    age = (rows["submitted_at"].max() - rows["submitted_at"]).dt.total_seconds().to_numpy()
    unfinished = last & (age < usual)
    item = pd.factorize(rows["item"])[0].astype(np.int64)

    def ways_of(name: str, least: float = LEAST) -> tuple[tuple[str, Rate], ...]:
        """Shares of what followed a step, those below `least` left out; with 0 the way out is never."""
        of = (here == name).to_numpy() & ~unfinished
        counts = following[of].value_counts(normalize=True)
        kept = [str(to) for to, share in counts.head(MOST).items() if share >= least]
        if not least and DELIVER in counts.index[MOST:]:
            kept[-1] = DELIVER
        return tuple((to, rate((following[of] == to).to_numpy(), (item[of],))) for to in kept)

    ways = {step.name: ways_of(step.name) for step in flow.steps}
    final = here[last].value_counts()
    tried, ends = set[str](), list[str]()
    while lost := endless(ways) - tried:
        one = max(sorted(lost), key=lambda name: int(final.get(name, 0)))
        mine = (here == one).to_numpy()
        ends += [one] if (mine & unfinished).any() else []
        unfinished &= ~mine
        tried.add(one)
        ways[one] = ways_of(one, least=0.0)
    return Routes(ways, int(unfinished.sum()), tuple(ends))


def endless(ways: Mapping[str, Sequence[tuple[str, Rate]]]) -> set[str]:
    """Steps from which no way leads to the end."""
    done = {DELIVER}
    while more := {name for name, out in ways.items() if name not in done and any(to in done for to, _ in out)}:
        done |= more
    return set(ways) - done


def chances(ways: tuple[tuple[str, Rate], ...], here: str = "") -> dict[str, str]:
    """The ways as percentages of two digits that sum to 100 exactly, those of none left out. here: the stage, to
    which no more than LOOP comes back, if there is another way."""
    total = sum(one.value for _, one in ways)
    back = sum(one.value for to, one in ways if to == here) / total
    kept = min(back, LOOP) if back < 1 else 1.0
    rest = (1 - kept) / (1 - back) if back < 1 else 1.0
    exact = {to: one.value / total * (kept / back if to == here else rest) for to, one in ways}
    return {to: share for to, share in percentages(exact).items() if share != "0%"}
