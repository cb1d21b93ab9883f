"""The pools that a column tells, fitted: hours, pace and skill of each, and the stage's time at the main one's pace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.line import Distribution, Learning
from ..availability import Availability, fit_availability
from ..cleaning import Cleaned
from ..crowd import words as crowds
from ..crowd.batches import batches
from ..crowd.fit import CrowdFit, enough, fit_crowd
from ..crowd.model import Service as Visits
from ..fit import Parameter
from ..people import MANY, people_of
from ..service.families import in_seconds
from ..service.fit import Service, fit_service, timed
from ..service.practice import finished_before
from ..service.words import distribution
from .given import Given
from .pace import Pace, fit_pace, level, levelled
from .skills import Known, Skills, fit_skills
from .together import Together, Z, together

Ints = npt.NDArray[np.int64]

SHRINKAGE = 0.1
"""Usual spread between pools of the share of time on shift that is not spent on tasks."""


@dataclass(frozen=True, eq=False)
class Pools:
    """given: of each worker.  names: of the pools with hours, that of most of the work first, by which speed is told.
    there, crowds: of each by name; a crowd's availability is of use for its sessions.  whole: of all people.
    shrinkage: of each, drawn together, None where none has an interval.  pace, skills: by number.
    labels: of each pool, of all that count.  lost: names of pools without any usable time, which are in no scenario.
    few: pools of fewer people than label an item: a scenario's item has all its labels from one pool.
    mixed: share of the items with labels of several pools.  service: of the stage, at the main pool's pace.
    notes: of hours, by pool.
    """

    given: Given
    names: tuple[str, ...]
    there: Mapping[str, Availability]
    crowds: Mapping[str, CrowdFit]
    whole: Availability
    shrinkage: Together | None
    pace: Pace
    skills: Skills | None
    labels: Mapping[str, int]
    lost: tuple[str, ...]
    few: tuple[str, ...]
    mixed: float
    service: Service
    notes: tuple[str, ...]

    @property
    def main(self) -> str:
        """The pool of most of the work."""
        return self.names[0]

    @property
    def others(self) -> tuple[str, ...]:
        """The pools beside it."""
        return self.names[1:]

    @property
    def shares(self) -> dict[str, float]:
        """Share of the stage's work by pool, of those that a scenario can have."""
        there = {name: labels for name, labels in self.labels.items() if labels and name not in self.few}
        return {name: labels / sum(there.values()) for name, labels in there.items()}

    def shrunk(self, name: str) -> tuple[float, float | None, float | None]:
        """(value, low, high) of the share of time on shift without tasks."""
        if self.shrinkage is None:
            one = self.there[name].shrinkage
            return one.value, one.low, one.high
        value, low, high = (min(max(0.0, one), 0.99) for one in self.shrinkage.of(self.names.index(name)))
        return value, low, high


def fit_pools(
    cleaned: Cleaned, given: Given, labels_per_item: int, timezone: str, people: str, known: Known | None
) -> Pools:
    """What the log says of each pool.

    labels_per_item: distinct workers that an item needs.  people: as of calibrate.  known: what is known of the skill
    of all; None where no answer is.
    """
    data = timed(cleaned.pages, cleaned.under_way, cleaned.left)
    of_worker, names = given.of_worker, by_work(cleaned.pages, given)
    place = {name: j for j, name in enumerate(names)}
    # Who has nothing but work under way is of no pool that the column could tell: of the main one.
    pool = np.array([place.get(of_worker.get(one, ""), 0) for one in data.names], dtype=np.int64)
    pace = fit_pace(data, pool)
    service = fit_service(levelled(data, pool, pace, 0))
    counted = cleaned.judgements[cleaned.judgements["counts"]]
    team = counted["worker"].map(of_worker)
    labels = {name: int((team == name).sum()) for name in names}
    skills = None if known is None else fit_skills(cleaned.judgements, of_worker, names, known)
    by = cleaned.pages["worker"].map(of_worker)
    there = {name: fit_availability(cleaned.pages[by == name], name, timezone, labels_per_item) for name in names}
    found = Pools(
        given=given,
        names=names,
        there=there,
        crowds={},
        whole=fit_availability(cleaned.pages, "all", timezone, labels_per_item),
        shrinkage=_shrinkage([there[name].shrinkage for name in names]),
        pace=pace,
        skills=skills,
        labels=labels,
        lost=tuple(sorted(set(given.values) - set(names))),
        few=tuple(name for name in names[1:] if counted["worker"][team == name].nunique() < labels_per_item),
        mixed=_mixed(team, counted["item"]),
        service=service,
        notes=(),
    )
    return _with_crowds(found, cleaned.judgements, timezone, people)


def _mixed(team: pd.Series[str], item: pd.Series[str]) -> float:
    """Share of the items with labels of several pools."""
    pairs = pd.DataFrame({"item": item, "team": team}).drop_duplicates()
    return float((pairs.groupby("item").size() > 1).mean())


def by_work(pages: pd.DataFrame, given: Given) -> tuple[str, ...]:
    """Names of the pools with usable times, that of most of the work first. pages: of Cleaned, one timed at least."""
    usable = pages[pages["timed"]]
    work = usable.groupby(usable["worker"].map(given.of_worker))["units"].sum()
    return tuple(str(one) for one in work.sort_values(ascending=False, kind="stable").index)


def at_one_pace(pools: Pools, cleaned: Cleaned) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(pages, judgements) of Cleaned, with seconds as of the main pool's people: what its stage's time is judged by."""
    pages = cleaned.pages
    place = {name: j for j, name in enumerate(pools.names)}
    pool = pages["worker"].map(pools.given.of_worker).map(place).fillna(0).to_numpy().astype(np.int64)
    factor = np.exp(level(pools.pace, pool, finished_before(pages), 0))
    here = cleaned.judgements["page"].to_numpy()
    return (
        pages.assign(seconds=pages["seconds"] * factor),
        cleaned.judgements.assign(seconds=cleaned.judgements["seconds"] * factor[here]),
    )


def _shrinkage(found: list[Parameter]) -> Together | None:
    value = np.array([one.value for one in found])
    error = [math.inf if one.low is None or one.high is None else (one.high - one.low) / (2 * Z) for one in found]
    return together(value, np.array(error), SHRINKAGE)


def _with_crowds(pools: Pools, judgements: pd.DataFrame, timezone: str, people: str) -> Pools:
    """With the visits of pools that are crowds: a pool too small to tell is what all are."""
    out: dict[str, CrowdFit] = {}
    notes = []
    team = judgements["worker"].map(pools.given.of_worker)
    for name, there in pools.there.items():
        if name in pools.few:
            continue
        few = there.sessions["worker"].nunique() < MANY
        if people_of(pools.whole.sessions if few else there.sessions, people) != "crowd":
            notes += [f"{name}: {one}" for one in there.notes]
            continue
        posted = batches(judgements[team == name])
        if enough(posted):
            out[name] = fit_crowd(posted, visits_of(pools, name), timezone)
            notes += [f"{name}: {one}" for one in (*crowds.notes(out[name]), *there.shrinkage_notes)]
        else:
            notes += [f"{name}: {one}" for one in (crowds.too_few(posted), *there.notes)]
    return replace(pools, crowds=out, notes=tuple(notes))


def visits_of(pools: Pools, name: str) -> Visits:
    """What a pool's labels take."""
    j, pace = pools.names.index(name), pools.pace
    learning = Learning()
    if pace.exponents is not None and pace.law is not None:
        learning = Learning(exponent=pace.exponents[j][0], tasks=max(1, pace.law.most))
    spread = 0.0 if pace.spread is None else pace.spread[j][0]
    time = scaled(distribution(pools.service), pace.factor(j, 0)[0])
    return Visits(time, spread, pools.shrunk(name)[0], learning)


def scaled(time: Distribution, factor: float) -> Distribution:
    """The distribution of `factor` times as long."""
    parameters = {
        name: value * factor if in_seconds(time.family, name) else value for name, value in time.parameters.items()
    }
    return replace(time, parameters=parameters)
