"""A line's load as a network: its pools and machines as stations, and the streams of tasks between them."""

from __future__ import annotations

import numpy as np

from ..line import MACHINE, Line
from .load import Load, by_pool
from .network import OUTSIDE, Floats, Network, Stream
from .people import WEEK_S


def network(line: Line, found: Load) -> Network:
    """The stations, pools first, then machines, and the streams between them. Time is in weeks: a station's mean is
    that of a task as a share of the week's open time."""
    n, pools = len(line.stages), len(line.pools)
    machines = [s for s, stage in enumerate(line.stages) if stage.kind in MACHINE]
    size = pools + len(machines)
    at = np.zeros((2 * n, size))
    for step in range(2 * n):
        if step // 2 in machines:
            at[step, pools + machines.index(step // 2)] = 1.0
    visits, moves, entering, labels = _steps(line, found, at)
    sent = (visits * labels[:, None]).sum(axis=0)
    streams = []
    for b, q in zip(*np.nonzero(visits), strict=True):
        if entering[b, q] > 0.0:
            streams.append(Stream(OUTSIDE, int(q), entering[b, q] * labels[b], labels[b], 0.0))
        for a, p in zip(*np.nonzero(moves[:, b, :, q]), strict=True):
            flow = float(moves[a, b, p, q])
            goes, part = min(1.0, flow / visits[a, p]), visits[a, p] * labels[a] / sent[p]
            own = labels[b] * (1.0 - goes + goes * (1.0 - part) / labels[a])
            streams.append(Stream(int(p), int(q), flow * labels[b], own, labels[b] * goes * part / labels[a]))
    people = np.array([one.people for one in found.staff] + [1.0] * len(machines))
    open_s = np.array([one.open_s for one in found.staff] + [WEEK_S] * len(machines))
    delay = np.array([pool.sessions is not None for pool in line.pools] + [True] * len(machines))
    delay |= ~((people > 0.0) & (sent > 0.0))
    mean = np.append(found.mean, np.zeros(len(machines))) / np.maximum(open_s, 1.0)
    services = np.append(found.services, np.ones(len(machines)))
    return Network(np.maximum(people, 1e-9), mean, services, tuple(streams), delay)


def _steps(line: Line, found: Load, machines: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(items a week that come to each step and station, that move between them, that enter; tasks of a visit). Rounds
    of a stage are one step where each visit is one task in all of them."""
    n, size = machines.shape
    visits, entering, moves = np.zeros((n, size)), np.zeros((n, size)), np.zeros((n, n, size, size))
    tasks = np.zeros(n)
    for part in found.parts:
        here = machines.copy()
        here[:, : len(line.pools)] += np.repeat(by_pool(line, part.shares), 2, axis=0)
        visits += part.per_week * part.way.visits[:, None] * here
        entering += part.per_week * part.way.entering[:, None] * here
        moves += part.per_week * part.way.moves[:, :, None, None] * here[:, None, :, None] * here[None, :, None, :]
        tasks += part.per_week * part.way.visits * part.way.labels
    count = np.array([part.per_week * part.way.visits for part in found.parts]).sum(axis=0)
    labels = np.where(count > 0.0, tasks / np.maximum(count, 1e-300), 1.0)
    for s in range(0, n, 2):
        if abs(labels[s] - 1.0) < 1e-9:
            visits[s], entering[s] = visits[s] + visits[s + 1], entering[s] + entering[s + 1]
            moves[s] += moves[s + 1]
            moves[:, s] += moves[:, s + 1]
            visits[s + 1], entering[s + 1], moves[s + 1], moves[:, s + 1] = 0.0, 0.0, 0.0, 0.0
    return visits, moves, entering, labels
