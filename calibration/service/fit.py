"""The service time of one stage: practice, workers, and the family of what is left, each where the log tells it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..availability import GAP_MS
from ..durations import ServiceTime, fit_service_time
from .beyond import in_sight
from .choose import Choice, choose
from .cut import uncut
from .families import FAMILIES, Family
from .marginal import Climbed, Sample
from .practice import Practice, finished_before, fit_practice
from .tiring import Tiring, fit_tiring, hours_at_work

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LARGEST = 10_000
"""Pages that a family is chosen and fitted on: more would move its shape by less than anyone can use."""


@dataclass(frozen=True, eq=False)
class Timed:
    """Pages that are service times, sorted by worker and time.

    log_seconds: of a unit, page average.  worker: 0 .. workers - 1.  practised: log(1 + units finished before).
    step: seconds a unit that stamps of whole seconds cannot tell apart, 0 for finer stamps.  limit: log of the longest
    that the platform allowed, None if the export does not tell.  open: pages begun and not ended, None for none.
    names: of the workers.  left: share of pages begun that are never ended, which open pages may be.
    hours: from the beginning of the worker's session to the page's, None where nobody asks.
    """

    log_seconds: Floats
    worker: Ints
    practised: Floats
    step: Floats
    names: tuple[str, ...]
    limit: Floats | None = None
    open: npt.NDArray[np.bool_] | None = None
    left: float = 0.0
    hours: Floats | None = None

    def pick(self, mask: npt.NDArray[np.bool_]) -> Timed:
        """Only those pages; workers without any keep their numbers."""
        return Timed(
            self.log_seconds[mask],
            self.worker[mask],
            self.practised[mask],
            self.step[mask],
            self.names,
            None if self.limit is None else self.limit[mask],
            None if self.open is None else self.open[mask],
            self.left,
            None if self.hours is None else self.hours[mask],
        )

    @property
    def ended(self) -> Timed:
        """Without the pages that have not ended."""
        return self if self.open is None else replace(self.pick(~self.open), open=None)

    @property
    def cut_short(self) -> bool:
        """Whether more than FEW of the pages that ended took over half of their limit. Where fewer did, still fewer
        can have been taken away at it, and it is as if there were none."""
        if self.limit is None:
            return False
        ended = self.ended
        assert ended.limit is not None
        return float((ended.log_seconds > ended.limit - math.log(2)).mean()) > FEW

    @property
    def many_open(self) -> bool:
        """Whether more than FEW of the pages have not ended."""
        return self.open is not None and float(self.open.mean()) > FEW

    @property
    def spread_out(self) -> Floats:
        """log_seconds with each time moved within the second that it was cut to, evenly (golden-ratio sequence): a
        density can be fitted to them, where equal times would let it grow without bound."""
        place = np.mod(np.arange(1, len(self.step) + 1) * GOLDEN, 1.0) - 0.5
        return np.asarray(np.log(np.exp(self.log_seconds) + self.step * place))


GOLDEN = (math.sqrt(5) - 1) / 2

FEW = 0.001
"""Share of pages that are cut short or open, up to which a fit does as if there were none: it would make a sigma
smaller by half a percent, as cleaning's cut at 1 in 4,000 does, and less than what LARGEST pages tell."""


@dataclass(frozen=True, eq=False)
class Service:
    """effects: mean, spread within and between workers of log time, as of a worker's first task where `practice` is
    told.  choice: the family; its location is of the same task.  sample: what the family was fitted to.
    untold: the log with limits and open pages, where so much is beyond them that `timed` is without.
    tiring: None where too few workers tell.  tired: by how much longer pages took on average than at the beginning of
    a session, where times are as of that (see rested); 1 where they are as they are.
    """

    timed: Timed
    practice: Practice | None
    effects: ServiceTime
    choice: Choice | None
    sample: Sample | None
    untold: Timed | None = None
    tiring: Tiring | None = None
    tired: float = 1.0

    @property
    def exponent(self) -> float:
        """Of practice, 0 where it is not told."""
        return self.practice.exponent if self.practice is not None and self.practice.told else 0.0

    @property
    def chosen(self) -> Climbed | None:
        """The family; None where times have no spread."""
        return self.choice.chosen if self.choice is not None else None

    @property
    def family(self) -> Family | None:
        """As `chosen`."""
        return self.chosen.family if self.chosen is not None else None


def timed(pages: pd.DataFrame, under_way: pd.DataFrame | None = None, left: float = 0.0) -> Timed:
    """The pages of Cleaned that are usable as service times, with those under way where they are given."""
    frame = pages.assign(practised=finished_before(pages), open=False, hours=hours_at_work(pages))
    frame = frame[frame["timed"]]
    if under_way is not None and len(under_way):
        frame = pd.concat([frame, _going(under_way, pages)], ignore_index=True)
    frame = frame.sort_values(["worker", "begin_ms"], kind="stable")
    codes, names = pd.factorize(frame["worker"], sort=True)
    coarse = bool((frame["end_ms"].fillna(0) % 1000 == 0).all() and (frame["begin_ms"] % 1000 == 0).all())
    going = frame["open"].to_numpy(bool)
    units = frame["units"].to_numpy(np.float64)
    return Timed(
        np.log(frame["seconds"].to_numpy()),
        codes.astype(np.int64),
        frame["practised"].to_numpy(),
        np.where(going, 0.0, 1.0 / units) if coarse else np.zeros(len(units)),
        tuple(str(one) for one in names),
        _limits(frame),
        going if going.any() else None,
        left,
        frame["hours"].to_numpy(np.float64),
    )


def _going(under_way: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """Pages under way as those that ended are told; each is its worker's last."""
    done = under_way["worker"].map(pages.groupby("worker")["units"].sum()).fillna(0).to_numpy(np.float64)
    practised = np.log1p(done + (under_way["units"].to_numpy(np.float64) - 1) / 2)
    last = pages.assign(hours=hours_at_work(pages)).groupby("worker").last()
    gone = under_way["begin_ms"] - under_way["worker"].map(last["begin_ms"])
    rested = under_way["begin_ms"] - under_way["worker"].map(last["end_ms"]) >= GAP_MS
    hours = (under_way["worker"].map(last["hours"]) + gone / 3_600_000.0).mask(rested, 0.0).fillna(0.0)
    return under_way.assign(practised=practised, open=True, end_ms=np.nan, limit_seconds=np.nan, hours=hours)


def _limits(frame: pd.DataFrame) -> Floats | None:
    if frame["limit_seconds"].isna().all():
        return None
    limit = frame["limit_seconds"].fillna(np.inf).to_numpy(np.float64)
    return np.asarray(np.log(np.maximum(limit / frame["units"].to_numpy(np.float64), 1e-9)))


def fit_service(data: Timed) -> Service:
    """The fit of `data`; at least one page that has ended."""
    ended = data.ended
    worker = _numbered(ended.worker)
    practice = fit_practice(ended.log_seconds, worker, ended.practised)
    tires = None if ended.hours is None else fit_tiring(ended.log_seconds, worker, ended.practised, ended.hours)
    exponent = practice.exponent if practice is not None and practice.told else 0.0
    effects = fit_service_time(ended.log_seconds + exponent * ended.practised, worker)
    if effects.within is None or effects.within[0] <= 0:  # each worker always takes the same time
        return Service(data, practice, effects, None, None, tiring=tires)
    found = _chosen(data, exponent, effects)
    if found is None:  # a limit or open tasks beyond which nothing can be told
        within_sight = replace(ended, limit=None)
        found = _chosen(within_sight, exponent, effects)
        assert found is not None
        return Service(within_sight, practice, *found, untold=data, tiring=tires)
    return Service(data, practice, *found, tiring=tires)


def rested(service: Service) -> Service:
    """The fit with times as of the beginning of a session, where the log tells that people tire; else as it is."""
    tires = service.tiring
    if tires is None or not tires.told:
        return service
    data = service.timed if service.untold is None else service.untold
    assert data.hours is not None
    less = np.log1p(tires.slower * data.hours)
    fresh = replace(
        data,
        log_seconds=data.log_seconds - less,
        step=data.step * np.exp(-less),
        limit=None if data.limit is None else data.limit - less,
    )
    return replace(fit_service(fresh), tiring=tires, tired=float(np.exp(less).mean()))


def _chosen(data: Timed, exponent: float, effects: ServiceTime) -> tuple[ServiceTime, Choice, Sample] | None:
    """(spreads, family, sample) with limits and open pages as they are; None where the mean lies beyond their sight."""
    assert effects.within is not None
    sample = sampled(data, exponent, effects.between[0] if effects.between is not None else 0.0)
    within = effects.within[0]
    if effects.between is not None and (sample.limit is not None or sample.open is not None):
        effects, within, between = uncut(sample, effects)
        if not in_sight(FAMILIES["lognormal"], effects.mu[0], np.array([math.log(within)]), sample):
            return None
        sample = replace(sample, between=between)
    choice = choose(sample, effects.mu[0], within)
    one = choice.chosen
    if one.base is None and not in_sight(one.family, one.location, one.free, sample):
        return None
    return effects, choice, sample


def _numbered(worker: Ints) -> Ints:
    return np.unique(worker, return_inverse=True)[1].astype(np.int64)


def sampled(data: Timed, exponent: float, between: float, every: int | None = None) -> Sample:
    """Every so-manieth page of each worker, as of the worker's first task; None: so that about LARGEST are left."""
    if data.open is not None and not data.many_open:
        data = data.ended
    limit = data.limit if data.cut_short else None
    every = every or math.ceil(len(data.worker) / LARGEST)
    n = np.bincount(data.worker, minlength=len(data.names))
    place = np.arange(len(data.worker)) - (np.cumsum(n) - n)[data.worker]
    kept = (place + data.worker) % every == 0  # not everybody's first page, which is slower than practice tells
    less = exponent * data.practised
    return Sample(
        (data.spread_out + less)[kept],
        data.worker[kept],
        len(data.names),
        between,
        None if limit is None else (limit + less)[kept],
        None if data.open is None else data.open[kept],
        data.left,
    )
