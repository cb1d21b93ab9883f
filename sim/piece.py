"""A piece of a search's work: values of KPIs of a few replications of a line, wherever it is done."""

from __future__ import annotations

import hashlib
import pickle
import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from .engines import ENGINES
from .errors import Refused
from .line import Line
from .plan import Plan
from .replication import Job, values
from .statistics import Floats
from .streaming import Setting

LINES = 8
"""Lines whose set-up a process keeps."""


class OtherCode(Refused):
    """Who is to work has another version of labelcast than who asks."""

    exit_code = 1


@lru_cache(maxsize=1)
def sources() -> str:
    """Digest of all that a replication is computed by: the text of every file of this folder."""
    folder = Path(__file__).parent
    text = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        text.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return text.hexdigest()[:16]


def pack(line: Line) -> bytes:
    """A line as it is sent to whoever works on it, with the digest of the code that it is meant for."""
    return pickle.dumps((sources(), pickle.dumps(line)))


def task(packed: bytes, seed: int, engine: str, first: int, stop: int, kpis: tuple[str, ...]) -> Floats:
    """The KPIs of replications first .. stop - 1, float[stop - first, len(kpis)], NaN where there is no such KPI. Hangs
    on its arguments alone. packed: the line, see pack().  Raises OtherCode."""
    job = _job(packed, seed, engine)
    told = [values(job, number, kpis) for number in range(first, stop)]
    return np.array(told, float).reshape(len(told), len(kpis))


def timed(packed: bytes, seed: int, engine: str, first: int, stop: int, kpis: tuple[str, ...]) -> tuple[Floats, float]:
    """What task() gives, and the seconds that a replication took; not counted is what is done once a line."""
    _job(packed, seed, engine)
    begun = time.perf_counter()
    found = task(packed, seed, engine, first, stop, kpis)
    return found, (time.perf_counter() - begun) / (stop - first)


@lru_cache(maxsize=LINES)
def _job(packed: bytes, seed: int, engine: str) -> Job:
    """The line, set up for all its replications."""
    digest, line = pickle.loads(packed)
    if digest != sources():
        raise OtherCode(
            f"A worker has another version of labelcast ({sources()}) than the driver ({digest}). Install the same one "
            "on all machines, and start the workers again."
        )
    job = Job(pickle.loads(line), seed, engine)
    _set_up(job)
    return job


def _set_up(job: Job) -> Setting | Plan:
    """What all replications of a line share; the job keeps it."""
    return job.setting if job.engine == ENGINES[0] else job.plan
