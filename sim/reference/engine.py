"""The reference engine: a SimPy model of the line, written to be understood. It is the specification of the kernel.

In one tick, first all events in the order of their keys (clock.py), then one dispatch: each machine that is free takes
a batch; then each worker that became available takes their best task, in the order in which the tick's events freed
them; then each task that became ready takes its best available worker, by rank; then each of those without one that may
stop another's task does.

Who takes what stands in floor.py, queues.py and routing.py; what is done with a task in bench.py and breaks.py, what is
given on an item in verdicts.py, what that means in results.py, where an item goes in flow.py.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

from simpy.events import Event

from ..calendars import open_before
from ..draws import Purpose, uniform, where
from ..line import OpenTask, Relabel
from ..log import Log
from ..plan import OPEN, Plan
from ..releases import releases
from ..rosters import roster
from ..sessions import sessions
from ..tables import ints
from ..trace import Ends, log_of
from . import verdicts
from .bench import Bench
from .clock import CALENDAR, CHANGE, RELEASE
from .crowd import Crowd
from .flow import Flow
from .record import Item
from .rows import trace_of
from .state import State

LEAVE = 1 << 29
"""Number of the first departure among the events of a calendar: after the shifts of one tick."""


def run(plan: Plan, seed: int, replication: int) -> Log:
    """The log of one replication, until the last delivery or the horizon. Equal plans and seeds give equal logs."""
    # A run makes hundreds of thousands of objects that live to its end, and no cycles: a collector that walks them
    # again and again finds nothing and takes half of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Run(plan, seed, replication).run()
    finally:
        if collecting:
            gc.enable()


def ends(plan: Plan, seed: int, replication: int) -> Ends:
    """When tasks and items of one replication were done; see Ends."""
    log = run(plan, seed, replication)
    return Ends(ints(log.tasks["item"]), ints(log.tasks["finished_at"]), ints(log.items["delivered_at"]))


class _Run:
    """One replication: what happens by the calendar, and the dispatch at the end of a tick."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan = plan
        self.state = State(plan, seed, replication, self._dispatch)
        self.flow = Flow(self.state)
        self.bench = Bench(self.state, self.flow.results.finished, self._rests, self.flow.ready)
        self.crowd = Crowd(self.state, self.bench)
        self.roster = roster(plan, self.state.stream)

    def run(self) -> Log:
        """Runs to the end and hands the log over."""
        plan, state = self.plan, self.state
        arrivals = releases(plan, state.stream)
        rows = zip(*(column.tolist() for column in arrivals), strict=True)
        state.items = [Item(number, *row) for number, row in enumerate(rows)]
        state.left = len(state.items)
        self._staff()
        for number in range(len(state.workers.spans)):
            state.clock.env.process(self._shift(number))
        self._changes()
        opened = {(item.segment, item.serial - OPEN): item for item in state.items if OPEN <= item.serial < 2 * OPEN}
        self._open_at_the_start()
        for task in plan.initial:
            self._resume(task, opened)
        self.flow.inside(len(opened))
        state.clock.env.process(self._release(len(opened)))
        for number, pool in enumerate(plan.line.pools):
            if pool.sessions is not None:
                state.clock.env.process(self.crowd.come(number, sessions(plan, state.stream, number)))
        ended_at = state.clock.run() if state.left or state.coming else 0
        self.crowd.last()
        return log_of(plan, state.seed, state.replication, self.roster, trace_of(state, ended_at))

    def _dispatch(self) -> None:
        state = self.state
        self.flow.machines.dispatch()
        for worker, task in state.floor.assignments(state.clock.now):
            self.bench.start(worker, task)
        urgent, state.floor.urgent = state.floor.urgent, []
        for task in urgent:
            if not task.taken:
                self.bench.breaks.preempt(task)

    # People

    def _staff(self) -> None:
        """Takes the roster's people on."""
        workers, people = self.state.workers, self.roster
        for spans in people.shift_sets:
            workers.add_shift(spans)
        places = zip(people.pool, people.number, people.slot, people.key, people.shift_of, strict=True)
        for pool, number, slot, key, shift in places:
            starts = people.shift_sets[int(shift)].starts
            came = int(starts[0]) if starts.size else 0
            workers.add(int(pool), int(number), int(slot), int(key), int(shift), came)
        workers.leaves, workers.finishing = people.leaves.tolist(), people.finishes.tolist()
        workers.known(people.known.tolist())
        workers.mentored_until = people.mentored_until.tolist()
        for worker, experience in enumerate(people.experience.tolist()):
            workers.practice[worker] = [float(experience)] * len(self.plan.stages)
            if workers.leaves[worker] < self.plan.horizon:
                self.state.clock.at(workers.leaves[worker], CALENDAR, LEAVE + worker, self._leave, worker)
        workers.settle(self.state.stand.pools)
        self._of_shift: list[list[int]] = [[] for _ in workers.spans]
        for worker, shift in enumerate(workers.shift_of):
            self._of_shift[shift].append(worker)

    def _leave(self, event: Event) -> None:
        self.bench.breaks.leave(event._value)

    def _open_at_the_start(self) -> None:
        """The shifts that are open when the run begins, for who is on a task already; nobody is freed yet."""
        workers = self.state.workers
        for number, spans in enumerate(workers.spans):
            if spans is not None and spans.starts.size and spans.starts[0] == 0:
                workers.open_until[number] = int(spans.ends[0])

    def _shift(self, number: int) -> Generator[Event, None, None]:
        """Opens and closes a shift set."""
        state, workers = self.state, self.state.workers
        spans = workers.spans[number]
        assert spans is not None
        for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True):
            yield state.clock.at(start, CALENDAR, number, None)
            workers.open_since[number], workers.open_until[number] = start, end
            for worker in self._of_shift[number]:
                if workers.idle_since[worker] is not None:
                    state.floor.free(worker)
            state.clock.ask()
            if end < self.plan.horizon:
                yield state.clock.at(end, CALENDAR, number, None)
                workers.open_until[number] = 0
                self.bench.breaks.shift_ends(number)

    def _rests(self, worker: int) -> None:
        self.crowd.rests(worker)

    # What comes on a date

    def _changes(self) -> None:
        """Epochs, rollbacks, and turns at stages, each at its time."""
        plan, clock = self.plan, self.state.clock
        for number, stand in enumerate(plan.stands[1:], 1):
            if stand.at < plan.horizon:
                clock.at(stand.at, CHANGE, number, self._change, number)
        for number, relabel in enumerate(plan.line.relabels):
            at = round(relabel.at_s * 1000) // plan.tick * plan.tick
            if at < plan.horizon:
                self.state.coming += 1
                clock.at(at, CHANGE, (1 << 20) + number, self._relabel, relabel)
        for every in sorted({stage.rotation[0] for stand in plan.stands for stage in stand.stages if stage.rotation}):
            clock.after(every, self._turn, every)

    def _change(self, event: Event) -> None:
        """An epoch begins."""
        state = self.state
        state.stand = state.floor.stand = self.plan.stands[event._value]
        state.workers.settle(state.stand.pools)
        self._look_again()

    def _turn(self, every: int) -> None:
        """Others may work at the stages that people take turns at."""
        self._look_again()
        self.state.clock.after(every, self._turn, every)

    def _look_again(self) -> None:
        for pool in range(len(self.plan.pools)):
            self.state.floor.free_all(pool)
        self.state.clock.ask()

    def _relabel(self, event: Event) -> None:
        """A rollback: delivered items go back."""
        relabel: Relabel = event._value
        state, plan = self.state, self.plan
        state.coming -= 1
        stage = next(n for n, one in enumerate(plan.stages) if one.name == relabel.to)
        since = round(relabel.since_s * 1000)
        for item in state.items:
            if item.delivered is None or item.delivered < since:
                continue
            if relabel.segment not in (None, plan.segments[item.segment].name):
                continue
            if uniform(state.stream, item.key, where(Purpose.RELABEL, 0, item.round)) < relabel.share:
                self.flow.relabel(item, stage)
        state.over()

    def _release(self, first: int) -> Generator[Event, None, None]:
        """Lets the items in, from number `first` on."""
        arriving = self.state.items[first:]
        for item in arriving:
            yield self.state.clock.at(item.arrived, RELEASE, item.number, None)
            self.flow.admit(item)

    # The state at the start

    def _resume(self, open_task: OpenTask, opened: dict[tuple[int, int], Item]) -> None:
        """Puts a task of the initial state where it stands at time zero."""
        plan, state = self.plan, self.state
        stage = next(n for n, stage in enumerate(plan.stages) if stage.name == open_task.stage)
        segment = next(n for n, segment in enumerate(plan.segments) if segment.name == open_task.segment)
        pools = {pool.name: n for n, pool in enumerate(plan.pools)}
        staff = {(p, s): n for n, (p, s) in enumerate(zip(state.workers.pool, state.workers.number, strict=True))}
        item = opened[segment, open_task.item]
        item.round = open_task.round
        item.voted = stage
        if not item.votes:
            for replica, (pool_name, slot, label) in enumerate(open_task.labels):
                worker = staff[pools[pool_name], slot]
                known = plan.classes.index(label) if label else None
                given = verdicts.before(state, worker, item, stage, replica) if known is None else known
                item.votes.append((replica, worker, given))
                item.authors.append(worker)
                item.labellers.append(worker)
            item.label = item.votes[0][2] if item.votes else None
        item.pending += plan.stages[stage].kind == "annotate"
        task = state.make(item, stage, open_task.replica, round(open_task.enqueued_s * 1000))
        task.pools = self.flow.pools(item, stage) if open_task.pool is None else (pools[open_task.pool],)
        task.pool = task.pools[0]
        state.floor.enqueue(task)
        if open_task.slot is None:
            state.clock.ask()
            return
        state.floor.take(task)
        task.worker = staff[task.pool, open_task.slot]
        task.started = round((open_task.started_s or 0.0) * 1000)
        remaining = max(plan.tick, round((open_task.remaining_s or 0.0) * 1000))
        spans = state.workers.shifts(task.worker)
        assert spans is not None
        worked = open_before(*spans, 0) - task.started
        task.active = remaining + max(0, round(worked / plan.pools[task.pool].pace))
        self.bench.resume(task.worker, task, remaining)
