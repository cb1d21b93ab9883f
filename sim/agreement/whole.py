"""All measures of agreement of one set of labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import DataRefused
from . import alpha as alphas
from .cohen import cohen
from .counts import Units, counts_of
from .estimate import Estimate, undefined
from .shares import fleiss, gwet, percent


@dataclass(frozen=True)
class Agreement:
    """How far labels of the same units agree, by every measure that applies; where one does not, its note says why."""

    percent: Estimate
    cohen: Estimate
    fleiss: Estimate
    alpha: Estimate
    alpha_ordinal: Estimate
    alpha_interval: Estimate
    ac1: Estimate

    def __iter__(self) -> Iterator[tuple[str, Estimate]]:
        """Name and estimate of each."""
        return ((field.name, getattr(self, field.name)) for field in fields(self))

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each measure: value, low, high, units, labels, level, note. A missing value is NA."""
        names, rows = zip(*((name, astuple(one)) for name, one in self), strict=True)
        frame = pd.DataFrame(rows, index=pd.Index(names, name="measure"), columns=[f.name for f in fields(Estimate)])
        return frame.astype({"value": "Float64", "low": "Float64", "high": "Float64"})

    def _repr_html_(self) -> str:
        return self.frame.to_html()


def agreement(
    item: ArrayLike,
    label: ArrayLike,
    worker: ArrayLike | None = None,
    *,
    ordered: bool = False,
    values: ArrayLike | None = None,
    level: float = 0.95,
) -> Agreement:
    """Agreement of labels of the same items, each measure with its interval over items.

    item, label, worker: whole numbers from 0, one of each a row, in any order; -1 for no label, or nobody known.
    ordered: the labels' numbers are their order.  values: of each label, which are then in the order of their values.
    level: of the intervals.
    Raises DataRefused where values are missing, not finite, or the same for two labels.
    """
    assert 0 < level < 1, "a level is a share"
    unit, code = np.asarray(item, np.int64), np.asarray(label, np.int64)
    scale = None if values is None else np.asarray(values, np.float64)
    if scale is not None:
        code, scale = _in_order(code, scale)
    units = Units.of(counts_of(unit, code, int(unit.max(initial=-1)) + 1, int(code.max(initial=-1)) + 1))
    no_order, no_scale = undefined("the labels have no order", level), undefined("the labels are no numbers", level)
    nobody = np.full(len(unit), -1)
    return Agreement(
        percent=percent(units, level),
        cohen=cohen(unit, code, nobody if worker is None else np.asarray(worker, np.int64), level),
        fleiss=fleiss(units, level),
        alpha=alphas.nominal(units, level),
        alpha_ordinal=alphas.ordinal(units, level) if ordered or scale is not None else no_order,
        alpha_interval=no_scale if scale is None else alphas.interval(units, scale, level),
        ac1=gwet(units, level),
    )


def _in_order(label: NDArray[np.int64], values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Labels renumbered in the order of their values, and these in order."""
    if int(label.max(initial=-1)) >= len(values):
        raise DataRefused(f"there are values of {len(values)} labels, but a label has number {label.max()}")
    if not bool(np.isfinite(values).all()) or len(np.unique(values)) < len(values):
        raise DataRefused("each label needs a value of its own, a finite number: got " + ", ".join(map(str, values)))
    order = np.argsort(values)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return np.where(label < 0, -1, place[label]), values[order]
