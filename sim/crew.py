"""Who runs the replications of a search: few of many lines, one line after another, here, in processes or anywhere.

What comes back are values of KPIs, and nothing else. Where work is done, and how it is cut, changes no number.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from typing import Self

import numpy as np

from .engines import ENGINES, prepare
from .line import Line
from .piece import pack, timed
from .pool import Pool
from .processes import START_S, WorkerLost
from .statistics import Floats

PIECE_S = 0.05
"""Seconds of work in a piece where there are many replications; see docs/decisions/152."""

LEAST_S = 0.005
"""Seconds of work below which a piece is not cut further, though somebody be idle."""

GIVEN_S = 0.002
"""Seconds in which a piece is given out and its values come back, by Dask's scheduler, with something to spare."""

LOSSES = 3
"""How often processes may die in a row with nothing finished in between."""

RECENT = 15
"""Pieces whose time says how long the next will take."""


@dataclass(frozen=True)
class Wanted:
    """Replications of a line, and the KPIs that are wanted of each. replications: one after another."""

    line: Line
    seed: int
    replications: range
    kpis: tuple[str, ...]

    def __post_init__(self) -> None:
        assert self.replications.step == 1


@dataclass(frozen=True)
class _Piece:
    """Replications first .. stop - 1 of what is wanted at this place. packed: its line."""

    place: int
    wanted: Wanted
    packed: bytes
    first: int
    stop: int


_Found = list[Floats]
_Given = deque[tuple[_Piece, "Future[tuple[Floats, float]]"]]


class Crew:
    """Runs replications of one line after another; the processes that it starts live as long as it does.

    A context manager, for one thread at a time. What is broken off by an error or Ctrl-C leaves nothing at work.
    """

    def __init__(
        self, processes: int | None = None, executor: Executor | None = None, *, engine: str = ENGINES[0]
    ) -> None:
        """processes: 1 works in this process, more in so many; None begins here, and starts a process a core when what
        is done so far makes that worth while.  executor: does the work instead, and is left running; `processes` is
        then how many pieces it works at once, where that is known.  engine: one of ENGINES.
        """
        assert processes is None or processes >= 1
        self._engine = engine
        self._executor = executor
        self._pool: Pool | None = None
        self._many = processes or (None if executor is not None else os.cpu_count() or 1)
        self._here = executor is None and (processes is None or processes == 1)
        self._stays = processes == 1 or self._many == 1
        self._spent = 0.0
        self._begun = False
        self._took: deque[float] = deque(maxlen=RECENT)

    def __enter__(self) -> Self:
        if self._executor is None:
            prepare(self._engine)  # here, or every process would
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def values(self, line: Line, seed: int, replications: range, kpis: Sequence[str]) -> Floats:
        """The KPIs of replications of a line, float[len(replications), len(kpis)], NaN where a replication has no such
        KPI. Raises as all_values does."""
        return self.all_values([Wanted(line, seed, replications, tuple(kpis))])[0]

    def all_values(self, wanted: Sequence[Wanted]) -> list[Floats]:
        """The values of several lines, each as `values` gives them; they are worked on side by side.

        Raises WorkerLost when processes die again and again, or the executor breaks.
        """
        found = [np.full((len(one.replications), len(one.kpis)), math.nan) for one in wanted]
        left = [
            _Piece(place, one, pack(one.line), one.replications.start, one.replications.stop)
            for place, one in enumerate(wanted)
            if len(one.replications)
        ]
        if self._here:
            left = self._work_here(left, found)
        if left:
            size = self._size(sum(whole.stop - whole.first for whole in left))
            self._give_out([piece for whole in left for piece in _cut(whole, size)], found)
        return found

    def _work_here(self, left: list[_Piece], found: _Found) -> list[_Piece]:
        """Works in this process as long as that is quicker than to start others; what is left."""
        ahead = sum(piece.stop - piece.first for piece in left)
        for at, piece in enumerate(left):
            for number in range(piece.first, piece.stop):
                self._take(_Piece(piece.place, piece.wanted, piece.packed, number, number + 1), found)
                ahead -= 1
                if not self._stays and self._pays(ahead):
                    self._here = False
                    rest = _Piece(piece.place, piece.wanted, piece.packed, number + 1, piece.stop)
                    return [one for one in (rest, *left[at + 1 :]) if one.first < one.stop]
        return []

    def _take(self, piece: _Piece, found: _Found) -> None:
        """Does a piece in this process. The first one also loads compiled code, and is not counted."""
        begun = time.perf_counter()
        values, each = timed(*self._asked(piece))
        if self._begun:
            self._spent += time.perf_counter() - begun
            self._took.append(each)
        self._begun = True
        _put(values, piece, found)

    def _pays(self, ahead: int) -> bool:
        """Whether a process a core would spare the time that it takes to start them: of a search as much again is
        expected as was done, or what is asked for just now."""
        assert self._many is not None
        left = max(self._spent, ahead * statistics.median(self._took)) if self._took else 0.0
        return left * (1 - 1 / self._many) > START_S

    def _asked(self, piece: _Piece) -> tuple[bytes, int, str, int, int, tuple[str, ...]]:
        return piece.packed, piece.wanted.seed, self._engine, piece.first, piece.stop, piece.wanted.kpis

    def _size(self, count: int) -> int:
        """Replications of a piece, of so many that are asked for: about PIECE_S, by the time of recent ones; longer
        where many work, or whoever gives pieces out would be too slow, and shorter where somebody would be idle."""
        if not self._took:
            return 1
        each = max(statistics.median(self._took), 1e-6)
        if self._many is None:
            return math.ceil(PIECE_S / each)
        piece = math.ceil(max(PIECE_S, self._many * GIVEN_S) / each)
        return min(max(math.ceil(count / self._many), math.ceil(LEAST_S / each)), piece)

    def _give_out(self, pieces: list[_Piece], found: _Found) -> None:
        """Has all pieces done by others; what is lost with a process of ours is done again."""
        losses = 0
        while pieces:
            missing, broken = self._round(pieces, found)
            if broken is not None:
                losses = 1 if len(missing) < len(pieces) else losses + 1
                self._mourn(broken, losses)
            pieces = missing

    def _mourn(self, broken: BaseException, losses: int) -> None:
        """After a loss: ends what is left of our processes, so that they are made anew, or gives up."""
        if self._executor is not None:
            raise WorkerLost(
                f"What ran the replications broke: {str(broken) or type(broken).__name__}. Start it again; a search "
                "with a study file goes on where it stopped: --study FILE --resume."
            ) from broken
        self._end()
        if losses == LOSSES:
            raise WorkerLost(
                f"Processes that ran replications died {LOSSES} times with nothing finished in between, most likely "
                "for want of memory. Run with fewer of them, or in one: --workers 1."
            ) from broken

    def _round(self, pieces: list[_Piece], found: _Found) -> tuple[list[_Piece], BaseException | None]:
        """Gives the pieces out and takes in what comes back: what is missing after that, and why."""
        missing: list[_Piece] = []
        broken: BaseException | None = None
        given: _Given = deque()
        try:
            broken = self._submit(pieces, given)
            missing += pieces[len(given) :]
            while given:
                piece, future = given[0]
                try:
                    values, each = future.result()
                except (BrokenExecutor, CancelledError) as error:
                    missing.append(piece)
                    broken = error
                else:
                    self._took.append(each)
                    _put(values, piece, found)
                given.popleft()  # what nobody holds any more is not computed again when a worker of Dask's dies
        except BaseException:
            if self._executor is not None:
                for _, future in given:
                    future.cancel()
            self._end()
            raise
        return missing, broken

    def _submit(self, pieces: list[_Piece], given: _Given) -> BrokenExecutor | None:
        """Gives pieces out until all are, or what takes them is broken."""
        to: Executor | Pool | None = self._executor or self._pool
        if to is None:
            assert self._many is not None
            to = self._pool = Pool(self._many)
        try:
            for piece in pieces:
                given.append((piece, to.submit(timed, *self._asked(piece))))
        except BrokenExecutor as error:
            return error
        return None

    def _end(self) -> None:
        """Ends our processes at once."""
        if self._pool is not None:
            self._pool.end()
            self._pool = None


def _cut(whole: _Piece, size: int) -> Iterator[_Piece]:
    for first in range(whole.first, whole.stop, size):
        yield _Piece(whole.place, whole.wanted, whole.packed, first, min(first + size, whole.stop))


def _put(values: Floats, piece: _Piece, found: _Found) -> None:
    start = piece.wanted.replications.start
    found[piece.place][piece.first - start : piece.stop - start] = values
