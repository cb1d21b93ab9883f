"""The floor: who is there, what waits, and who takes what. The queue discipline and the routing rule stand here.

A worker's best task has the lowest (priority; rework before new work; order of becoming ready), among those that wait
for this worker alone and those of the queues that the worker's pool serves.
A task's best worker has been idle longest; of those, the one with the lowest number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from ..draws import Purpose, subject, uniform, where
from ..plan import Plan
from ..quantiles import quantile
from .record import Task

Rank = tuple[int, int]
"""(priority, 0 for rework or 1 for new work): the lower goes first; within a rank, first come, first served."""


class Queue:
    """Tasks of one rank that wait for anyone of a pool at a stage, in the order in which they became ready.

    A worker who may not take a task never may: whom an item has met does not change back. So each worker looks at a
    task at most once, however many wait that only others may take (as at night, when two people are on shift and every
    item needs a third).
    """

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self._head = 0  # all before it have started
        self._seen: dict[int, int] = {}  # worker -> all before it have started or are barred to the worker

    def first(self, worker: int, barred: Callable[[int, Task], bool]) -> Task | None:
        """The first waiting task that the worker may take, or None."""
        tasks, end = self.tasks, len(self.tasks)
        while self._head < end and tasks[self._head].started is not None:
            self._head += 1
        at = max(self._head, self._seen.get(worker, 0))
        while at < end and (tasks[at].started is not None or barred(worker, tasks[at])):
            at += 1
        self._seen[worker] = at
        return tasks[at] if at < end else None


class Floor:
    """Workers by number, through all pools in turn.

    pool_of, shift_of: number of the pool and of the shift set.  pace: factor on service time.  skill: logits.
    deviation: skill less the pool's mean.  idle_since: None while on a task.
    """

    def __init__(self, plan: Plan, stream: int) -> None:
        self.plan = plan
        self.pool_of: list[int] = []
        self.pace: list[float] = []
        self.skill: list[float] = []
        self.deviation: list[float] = []
        self._hire(stream)
        self.shift_of: list[int] = plan.shift_of.tolist()
        self.idle_since: list[int | None] = [0] * len(self.pool_of)
        self.open_until = [0] * len(plan.shift_sets)  # end of the current interval, 0 while closed
        self._staff: list[list[int]] = [[] for _ in plan.shift_sets]
        for worker, shift in enumerate(self.shift_of):
            self._staff[shift].append(worker)
        ranks = sorted({(segment.priority, new) for segment in plan.segments for new in (0, 1)})
        self._queues: dict[tuple[int, int, Rank], Queue] = {
            (number, pool, rank): Queue()
            for rank in ranks
            for number, stage in enumerate(plan.stages)
            for pool in stage.pools
        }
        self._serves: list[dict[Rank, list[Queue]]] = [
            {rank: [q for (_, p, r), q in self._queues.items() if (p, r) == (pool, rank)] for rank in ranks}
            for pool in range(len(plan.pools))
        ]
        self._own: list[list[tuple[Rank, int, Task]]] = [[] for _ in self.pool_of]  # heaps: tasks for one worker alone
        self._idle: list[list[tuple[int, int]]] = [[] for _ in plan.pools]  # heaps of (idle since, worker)
        self._listed = [False] * len(self.pool_of)  # has an entry in its pool's heap
        self._freed: list[int] = []
        self._ready: list[Task] = []
        self._ready_count = 0

    def _hire(self, stream: int) -> None:
        """Draws each worker's pace and skill, keyed by pool name and slot."""
        for number, pool in enumerate(self.plan.pools):
            for slot in range(len(pool.workers)):
                key = subject(pool.key, slot)
                speed = quantile(self.plan.normal, uniform(stream, key, where(Purpose.SPEED)))
                skill = quantile(self.plan.normal, uniform(stream, key, where(Purpose.SKILL)))
                self.pool_of.append(number)
                self.pace.append(math.exp(pool.speed_sd * speed))
                self.deviation.append(pool.skill_sd * skill)
                self.skill.append(pool.skill_mean + pool.skill_sd * skill)

    def open_shift(self, number: int, until: int) -> None:
        """A shift set's interval begins: its idle workers become available."""
        self.open_until[number] = until
        self._freed += [worker for worker in self._staff[number] if self.idle_since[worker] is not None]

    def close_shift(self, number: int) -> None:
        """A shift set's interval ends."""
        self.open_until[number] = 0

    def on_shift(self, worker: int) -> bool:
        """Whether the worker is on shift now."""
        return self.open_until[self.shift_of[worker]] > 0

    def free(self, worker: int, now: int) -> None:
        """A worker has finished a task."""
        self.idle_since[worker] = now
        self._freed.append(worker)

    def occupy(self, worker: int) -> None:
        """A worker is on a task from now on."""
        self.idle_since[worker] = None
        self._listed[worker] = False

    def wait(self, task: Task) -> None:
        """A task became ready and waits for its wanted worker, or for anyone of its pool."""
        rank = (self.plan.segments[task.item.segment].priority, 0 if task.round else 1)
        task.order = self._ready_count
        self._ready_count += 1
        if task.wanted is None:
            self._queues[task.stage, task.pool, rank].tasks.append(task)
        else:
            heappush(self._own[task.wanted], (rank, task.order, task))
        self._ready.append(task)

    def assignments(self) -> Iterator[tuple[int, Task]]:
        """One dispatch: who starts what. The caller starts each (worker, task) before it asks for the next."""
        freed, self._freed = self._freed, []
        ready, self._ready = self._ready, []
        for worker in freed:
            since = self.idle_since[worker]
            if since is None or not self.on_shift(worker):
                continue
            task = self._best_task(worker)
            if task is not None:
                yield worker, task
            elif not self._listed[worker]:
                self._listed[worker] = True
                heappush(self._idle[self.pool_of[worker]], (since, worker))
        for task in ready:
            if task.started is None:
                worker_or_none = self._best_worker(task)
                if worker_or_none is not None:
                    yield worker_or_none, task

    def _best_task(self, worker: int) -> Task | None:
        """The waiting task that this worker takes next, or None."""
        own = self._own[worker]
        while own and own[0][2].started is not None:
            heappop(own)
        for rank, queues in self._serves[self.pool_of[worker]].items():
            waiting = [queue.first(worker, self._barred) for queue in queues]
            if own and own[0][0] == rank:
                waiting.append(own[0][2])
            found = [task for task in waiting if task is not None]
            if found:
                return min(found, key=lambda task: task.order)
        return None

    def _best_worker(self, task: Task) -> int | None:
        """The available worker who takes this task, or None."""
        if task.wanted is not None:
            return task.wanted if self.idle_since[task.wanted] is not None and self.on_shift(task.wanted) else None
        heap = self._idle[task.pool]
        aside = []
        found = None
        while heap and found is None:
            since, worker = heap[0]
            if self.idle_since[worker] != since or not self.on_shift(worker):
                heappop(heap)
                self._listed[worker] = False
            elif self._barred(worker, task):
                aside.append(heappop(heap))
            else:
                found = worker
        for entry in aside:
            heappush(heap, entry)
        return found

    def _barred(self, worker: int, task: Task) -> bool:
        """Distinct workers label an item in a round; a reviewer was no author of it, an adjudicator neither author nor
        reviewer."""
        item, kind = task.item, self.plan.stages[task.stage].kind
        if kind == "annotate":
            return worker in item.labellers
        return worker in item.authors or (kind == "adjudicate" and worker in item.reviewers)
