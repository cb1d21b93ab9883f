"""Agreement of the first labels of a log, real or simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..errors import DataRefused
from ..log import Log
from ..tables import NULL, codes, ints, names
from .whole import Agreement, agreement


def agreement_of(
    log: Log,
    *,
    order: Sequence[str] | None = None,
    values: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> Agreement:
    """Agreement of the labels of round 0 that items got at stages of kind annotate, labels that came too late left out.

    A unit is an item at a stage: labels at two stages are answers to two questions.  A worker is one of a pool.
    order: the labels from the lowest to the highest.  values: their numbers, by label.  `percent` and `alpha` are the
    KPIs agreement and alpha of the same log.
    Raises DataRefused where order or values lack a label that is given, or name one twice.
    """
    tasks, roles = log.tasks, log.provenance.roles
    annotates = np.array([*(roles[name] == "annotate" for name in names(tasks["stage"])), False])
    late = np.array([*(name == "surplus" for name in names(tasks["outcome"])), False])
    stage, label = codes(tasks["stage"]).astype(np.int64), codes(tasks["label"]).astype(np.int64)
    first = annotates[stage] & (label >= 0) & (ints(tasks["round"]) == 0) & ~late[codes(tasks["outcome"])]
    item = ints(tasks["item"])[first]
    unit = np.unique(item * len(annotates) + stage[first], return_inverse=True)[1]
    pool, number = codes(tasks["pool"])[first].astype(np.int64), ints(tasks["worker"])[first]
    known = (pool >= 0) & (number != NULL)
    worker = np.where(known, number * (len(names(tasks["pool"])) + 1) + pool, -1)
    given = label[first]
    place, scale = _placed(names(tasks["label"]), set(np.unique(given).tolist()), order, values)
    return agreement(unit, place[given], worker, ordered=order is not None, values=scale, level=level)


def _placed(
    classes: Sequence[str], given: set[int], order: Sequence[str] | None, values: Mapping[str, float] | None
) -> tuple[np.ndarray, list[float] | None]:
    """The number of each class, by its code, and the values by that number."""
    if order is None and values is None:
        return np.arange(len(classes)), None
    asked = list(order) if order is not None else list(values or {})
    missing = [classes[code] for code in sorted(given) if classes[code] not in asked]
    if missing or len(set(asked)) < len(asked):
        what = "order" if order is not None else "values"
        raise DataRefused(f"{what}: each label once, but got {', '.join(asked)}; missing: {', '.join(missing) or '-'}")
    if order is not None and values is not None:
        raise DataRefused("order, values: values say the order of labels too; give one of the two")
    place = np.array([asked.index(name) if name in asked else -1 for name in classes], np.int64)
    return place, None if values is None else [float(values[name]) for name in asked]
