"""The floor: who is idle, what waits, and who takes what.

A worker's best task has the lowest rank (see queues.py), among those that wait for this worker alone and those of the
queues that the worker's pool serves. Who of a pool takes a task is the pool's pick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from ..line import Pick
from ..plan import NOBODY, Plan, PoolPlan, StagePlan, Stand
from ..tables import NULL
from .queues import NO_DATE, Queue, Rank, urgency
from .record import Task
from .sharing import Sharing
from .workers import Workers

NO_LIMIT = 1 << 62
"""Room of a stage that nothing limits."""


class Floor:
    """Waiting tasks and idle workers. load: by stage, tasks from being asked for until they are finished; running:
    tasks in someone's hand, until their result has gone on.
    waits: called with each task that waits from now on at a stage that escalates."""

    def __init__(self, plan: Plan, stand: Stand, workers: Workers) -> None:
        self.plan, self.stand, self.workers = plan, stand, workers
        self.waits: Callable[[Task], None] = lambda _: None
        self.load = [0] * len(plan.stages)
        self.running = [0] * len(plan.stages)
        self.waiting = [0] * len(plan.pools)
        self.sharing = Sharing(plan)
        self.now = 0
        self._apart = any(_by_segment(one) for one in plan.stands)
        groups = range(len(plan.segments) if self._apart else 1)
        self._queues: dict[tuple[int, int, int], Queue] = {
            (number, pool, group): Queue()
            for number, stage in enumerate(plan.stages)
            for pool in stage.pools
            for group in groups
        }
        self._serves = [
            [(stage, group, queue) for (stage, p, group), queue in self._queues.items() if p == pool]
            for pool in range(len(plan.pools))
        ]
        self._limits = any(stage.wip != NOBODY for one in plan.stands for stage in one.stages)
        self._preempts = any(pool.preempts for one in plan.stands for pool in one.pools)
        self._rotates = any(stage.rotation is not None for one in plan.stands for stage in one.stages)
        self._closed: set[int] = set()  # stages at which a limit has held somebody back
        self._own: dict[int, list[tuple[Rank, Task]]] = {}  # heaps: tasks for one worker alone
        self._idle: list[list[tuple[int, int]]] = [[] for _ in plan.pools]  # heaps of (idle since, worker)
        self._listed: set[int] = set()  # have an entry in their pool's heap
        self._freed: list[int] = []
        self._ready: list[Task] = []
        self._ready_count = 0
        self.urgent: list[Task] = []  # ready in this dispatch, without a worker, and may stop one

    def free(self, worker: int) -> None:
        """A worker has no task, and becomes available in this tick's dispatch."""
        self._freed.append(worker)

    def free_all(self, pool: int) -> None:
        """The idle workers of a pool look again: something that held them back has changed."""
        idle = self.workers.idle_since
        self._freed += [worker for since, worker in sorted(self._idle[pool]) if idle[worker] == since]

    def enqueue(self, task: Task) -> None:
        """A task waits from now on, for its wanted worker or for anyone of its pools."""
        item, stage = task.item, self.stand.stages[task.stage]
        task.order = self._ready_count
        self._ready_count += 1
        first = (self.stand.segments[item.segment].priority, 0 if task.round else 1)
        task.ranks = tuple((*first, self._urgency(task, stage, pool), task.order) for pool in task.pools)
        self.put(task)

    def put(self, task: Task) -> None:
        """Puts a task into its queues by the rank that it has."""
        task.taken = False
        if task.wanted is None:
            group = task.item.segment if self._apart else 0
            for pool, rank in zip(task.pools, task.ranks, strict=True):
                self._queues[task.stage, pool, group].add(task, rank)
                self.waiting[pool] += 1
                self.sharing.joins(pool, task.item.segment)
        else:
            heappush(self._own.setdefault(task.wanted, []), (task.ranks[0], task))
        self._ready.append(task)
        if self.stand.stages[task.stage].escalate is not None:
            self.waits(task)

    def take(self, task: Task) -> None:
        """A task leaves its queues."""
        task.taken = True
        if task.wanted is None:
            for pool in task.pools:
                self.waiting[pool] -= 1
                self.sharing.leaves(pool, task.item.segment)

    def charge(self, worker: int, task: Task) -> None:
        """A worker has taken a task: where people are shared by weight, that is work for its segment."""
        number = self.workers.pool[worker]
        if self.stand.pools[number].discipline == "fair" and task.left is None:
            expected = self._expected(task, self.stand.stages[task.stage], number)
            weighted = int(expected * float(self.stand.pools[number].fair[task.item.segment]))
            self.sharing.begins(number, task, max(1, weighted))

    def withdraw(self, task: Task) -> None:
        """A task that waits, for somebody or for an answer, is not needed any more: it never was."""
        if task.ready is None:
            task.taken = True  # it is in no queue
        else:
            self.take(task)
        self.load[task.stage] -= 1
        task.void = True

    def forget(self, worker: int) -> None:
        """A worker may take again what they once might not."""
        for _, _, queue in self._serves[self.workers.pool[worker]]:
            queue.forget(worker)

    def own(self, worker: int) -> list[Task]:
        """The tasks that wait for a worker alone, who will not come back for them."""
        return [task for _, task in sorted(self._own.pop(worker, []), key=lambda one: one[0]) if not task.taken]

    def batch(self, worker: int, task: Task, most: int) -> list[Task]:
        """Up to `most` further tasks of a task's stage and segment that the worker may take with it."""
        group = task.item.segment if self._apart else 0
        queue = self._queues.get((task.stage, self.workers.pool[worker], group))
        return [] if queue is None else queue.after(worker, task.item.segment, most, self.barred)

    def crowding(self, pool: int) -> float:
        """Tasks that wait for a pool or are in its people's hands, by person on shift; endless where nobody is."""
        workers = self.workers
        there = [w for w in range(len(workers)) if workers.pool[w] == pool and workers.on_shift(w)]
        held = sum((workers.task[w] is not None) + len(workers.hand[w]) for w in there)
        return (self.waiting[pool] + held) / len(there) if there else float("inf")

    def assignments(self, now: int) -> Iterator[tuple[int, Task]]:
        """One dispatch: who starts what. The caller starts each (worker, task) before it asks for the next."""
        self.now = now
        workers = self.workers
        if self._closed:
            self._look_again()
        freed, self._freed = self._freed, []
        ready, self._ready = self._ready, []
        ready.sort(key=_rank)
        for worker in freed:
            since = workers.idle_since[worker]
            if since is None or not workers.on_shift(worker):
                continue
            task = workers.hand[worker][0] if workers.hand[worker] else self._best_task(worker)
            if task is not None:
                yield worker, task
            elif worker not in self._listed:
                self._listed.add(worker)
                heappush(self._idle[workers.pool[worker]], (since, worker))
        for task in ready:
            if task.taken or self.held_back(task.stage):
                continue
            found = self._taker(task)
            while found is not None:
                chosen = self._instead(found, task)
                yield found, chosen
                found = None if chosen is task or self.held_back(task.stage) else self._taker(task)
            if self._preempts and not task.taken:
                self.urgent.append(task)

    def _taker(self, task: Task) -> int | None:
        """The available worker who takes a task, or None."""
        for pool in task.pools if task.wanted is None else (-1,):
            found = self._best_worker(task, pool)
            if found is not None:
                return found
        return None

    def _instead(self, worker: int, task: Task) -> Task:
        """What a worker takes whom a task has found: where people are shared by weight, the task of a segment that is
        owed more, if one has become ready too."""
        if self.stand.pools[self.workers.pool[worker]].discipline != "fair":
            return task
        best = self._best_task(worker)
        return task if best is None or best.item.segment == task.item.segment else best

    def victim(self, task: Task) -> int | None:
        """Whom a task stops that may go first: of the workers of its pools that preempt, the one whose task has the
        highest priority number above the task's own; of several, the one who started last, then the lowest number."""
        found: tuple[int, int, int] | None = None
        workers, segments = self.workers, self.stand.segments
        own = task.ranks[0][0]
        for worker in range(len(workers)):
            held = workers.task[worker]
            pool = workers.pool[worker]
            if held is None or pool not in task.pools or not self.stand.pools[pool].preempts:
                continue
            priority = segments[held.item.segment].priority
            if priority <= own or held.item.gold or not workers.on_shift(worker) or self.barred(worker, task):
                continue
            if not self.may(worker, task.stage, task.item.segment):
                continue
            assert held.started is not None
            found = max(found or (0, 0, 0), (priority, held.started, -worker))
        return None if found is None else -found[2]

    def occupy(self, worker: int) -> None:
        """A worker is on a task from now on."""
        self.workers.idle_since[worker] = None
        self._listed.discard(worker)

    def may(self, worker: int, stage: int, segment: int) -> bool:
        """Whether a worker may work at a stage on a segment now: mastery, and turns."""
        workers = self.workers
        pool = self.stand.pools[workers.pool[worker]]
        if pool.masters[segment] < 1.0 and (workers.slot[worker] + 0.5) / pool.people >= pool.masters[segment]:
            return False
        rotation = self.stand.stages[stage].rotation
        if rotation is None or pool.crowd:  # people of a crowd take no turns
            return True
        every, people = rotation
        return (workers.slot[worker] - self.now // every * people) % pool.people < people

    def barred(self, worker: int, task: Task) -> bool:
        """Nobody gets again what they have skipped. Distinct workers label an item in a round; a reviewer was no author
        of it, and did not review it at another stage; an adjudicator was neither author nor reviewer."""
        item, kind = task.item, self.stand.stages[task.stage].kind
        if worker in item.skipped:
            return True
        if kind == "annotate":
            return worker in item.labellers
        if kind == "work":
            return False
        if worker in item.authors:
            return True
        if kind == "adjudicate":
            return any(judge == worker for judge, _ in item.judges)
        return any(judge == worker and stage != task.stage for judge, stage in item.judges)

    def _best_task(self, worker: int) -> Task | None:
        """The waiting task that this worker takes next, or None."""
        best = self._best_own(worker)
        picky = self._apart or self._rotates
        pool = self.workers.pool[worker]
        rank = None if best is None else self._standing(pool, best, best.ranks[0])
        for stage, group, queue in self._serves[pool]:
            if self.held_back(stage):
                continue
            if picky and not self.may(worker, stage, group):
                continue
            task = queue.first(worker, self.barred)
            if task is None:
                continue
            standing = self._standing(pool, task, task.rank(pool))
            if rank is None or standing < rank:
                best, rank = task, standing
        return best

    def _standing(self, pool: int, task: Task, rank: Rank) -> Rank:
        """A task's rank now, among those of a pool: where people are shared by weight, by what its segment has had."""
        if self.stand.pools[pool].discipline != "fair":
            return rank
        return (*rank[:2], self.sharing.account[pool][task.item.segment], rank[3])

    def _best_own(self, worker: int) -> Task | None:
        """The first of the tasks that wait for this worker alone, or None."""
        own = self._own.get(worker)
        while own and own[0][1].taken:
            heappop(own)
        if not own or not self._limits:
            return own[0][1] if own else None
        return next((task for _, task in sorted(own) if not task.taken and not self.held_back(task.stage)), None)

    def held_back(self, stage: int) -> bool:
        """Whether nobody may start at a stage now; remembers that somebody would have."""
        if self._limits and self.room(stage) <= 0:
            self._closed.add(stage)
            return True
        return False

    def _best_worker(self, task: Task, pool: int) -> int | None:
        """The available worker of a pool who takes this task, or None."""
        workers = self.workers
        if task.wanted is not None:
            free = workers.idle_since[task.wanted] is not None and workers.on_shift(task.wanted)
            return task.wanted if free else None
        pick = self.stand.pools[pool].pick
        heap = self._idle[pool]
        aside = []
        found: list[tuple[int, int]] = []
        while heap and not (found and pick == "idle"):
            since, worker = heappop(heap)
            if workers.idle_since[worker] != since or not workers.on_shift(worker):
                self._listed.discard(worker)
                continue
            aside.append((since, worker))
            if not self.barred(worker, task) and self.may(worker, task.stage, task.item.segment):
                found.append((since, worker))
        chosen = None
        if found:
            chosen = max(found, key=lambda one: (self._merit(pick, one[1]), -one[0], -one[1]))
            self._listed.discard(chosen[1])
        for entry in aside:
            if entry != chosen:
                heappush(heap, entry)
        return None if chosen is None else chosen[1]

    def _merit(self, pick: Pick, worker: int) -> float:
        """What a pool's pick looks at first, the higher the better; then who has been idle longest, then the number."""
        match pick:
            case "idle":
                return 0.0
            case "skill":
                return self.workers.skill[worker]
            case "past":
                return self.workers.past_accuracy(worker)

    def room(self, stage: int) -> int:
        """How many more tasks may be started at a stage before one that it leads to has as much as it may have."""
        stages = self.stand.stages
        rooms = [NO_LIMIT]
        for target in stages[stage].held_by:
            if stages[target].wip != NOBODY:
                before = (n for n, one in enumerate(stages) if target in one.leads_to and n != target)
                rooms.append(stages[target].wip - self.load[target] - sum(self.running[n] for n in before))
        return min(rooms)

    def _look_again(self) -> None:
        """Idle workers look again at stages where a limit held somebody back, and does no more."""
        opened = sorted(stage for stage in self._closed if self.room(stage) > 0)
        self._closed.difference_update(opened)
        for pool in sorted({pool for stage in opened for pool in self.stand.stages[stage].pools}):
            self.free_all(pool)

    def _urgency(self, task: Task, stage: StagePlan, number: int) -> int:
        """What a pool's discipline looks at first; for shortest, the mean active milliseconds of a task in the pool."""
        pool, due = self.stand.pools[number], task.item.due
        if pool.discipline == "first":
            return 0
        expected = self._expected(task, stage, number)
        return urgency(pool.discipline, task.order, NO_DATE if due == NULL else due, expected)

    def _expected(self, task: Task, stage: StagePlan, number: int) -> int:
        """Mean active milliseconds of a task in a pool, as if all its people were alike."""
        pool, item = self.stand.pools[number], task.item
        factor = self.stand.segments[item.segment].time_factor if stage.kind == "annotate" else 1.0
        return int(stage.mean_ms * item.objects * factor * float(pool.segment_times[item.segment]))


def _rank(task: Task) -> Rank:
    return task.ranks[0]


def _by_segment(stand: Stand) -> bool:
    """Whether queues must be apart by segment: some people may work on some segments alone, or are shared by weight."""
    return any(_masters(pool) or pool.discipline == "fair" for pool in stand.pools)


def _masters(pool: PoolPlan) -> bool:
    return bool((pool.masters < 1.0).any())
