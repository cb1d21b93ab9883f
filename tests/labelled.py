"""The labels of a log, counted row by row by another hand than the tally's."""

from __future__ import annotations

import numpy as np

from labelcast.sim.agreement import Counts
from labelcast.sim.log import Log
from labelcast.sim.tables import codes, ints, names


def label_counts(log: Log) -> Counts:
    """How often each item got each label in round 0, a row for each item at each stage of kind annotate that labelled
    it, a column for each category of label. Labels that came too late to count are left out."""
    tasks, roles = log.tasks, log.provenance.roles
    annotates = np.array([roles[stage] == "annotate" for stage in names(tasks["stage"])] + [False])
    stage, label = codes(tasks["stage"]).astype(np.int64), codes(tasks["label"]).astype(np.int64)
    first = annotates[stage] & (label >= 0) & (ints(tasks["round"]) == 0)
    late = [name == "surplus" for name in names(tasks["outcome"])]
    if any(late):
        first &= ~np.array([*late, False])[codes(tasks["outcome"])]
    labels, stages = len(names(tasks["label"])), len(annotates)
    item = ints(tasks["item"])[first]
    unit = (item - item.min(initial=0)) * stages + stage[first]
    if not bool((unit[1:] >= unit[:-1]).all()):
        unit, at = np.unique(unit, return_inverse=True)
    else:  # the log's own order, unless several stages annotate
        at = np.cumsum(np.concatenate([[False], unit[1:] != unit[:-1]])[: len(unit)])
    rows = int(at.max(initial=-1)) + 1
    return np.bincount(at * labels + label[first], minlength=rows * labels).reshape(rows, labels)
