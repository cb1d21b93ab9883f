"""What all rooms of the reference engine look at: the plan, what holds now, clock, people, and what is under way."""

from __future__ import annotations

from collections.abc import Callable

from ..draws import stream
from ..plan import Plan, PoolPlan, SegmentPlan, Stand
from .clock import Clock
from .floor import Floor
from .record import Item, Task
from .workers import Workers


class State:
    """The state of a run. stand: what holds now.  left: items that are neither delivered nor dropped.  coming: further
    events that may bring items back.  batches, lots: given so far.  cuts: when workers were sent home; retrained:
    (worker, from, to); sessions: (worker, from, to), to None while it lasts.
    """

    def __init__(self, plan: Plan, seed: int, replication: int, dispatch: Callable[[], None]) -> None:
        self.plan, self.seed, self.replication = plan, seed, replication
        self.stream = stream(seed, replication)
        self.stand: Stand = plan.stands[0]
        self.clock = Clock(plan.horizon, dispatch)
        self.workers = Workers(plan, self.stream)
        self.floor = Floor(plan, self.stand, self.workers)
        self.items: list[Item] = []
        self.tasks: list[Task] = []
        self.left = 0
        self.coming = 0
        self.batches = 0
        self.lots = 0
        self.cuts: dict[int, int] = {}
        self.retrained: list[tuple[int, int, int]] = []
        self.sessions: list[tuple[int, int, int | None]] = []

    def segment(self, item: Item) -> SegmentPlan:
        """The segment of an item as it is now."""
        return self.stand.segments[item.segment]

    def pool(self, worker: int) -> PoolPlan:
        """The pool of a worker as it is now."""
        return self.stand.pools[self.workers.pool[worker]]

    def make(self, item: Item, stage: int, replica: int, asked: int) -> Task:
        """A new task, asked for at `asked`."""
        visit = 0 if item.been is None else item.been[stage] - 1
        task = Task(item, stage, replica, visit, asked)
        self.keep(task)
        self.floor.load[stage] += 1
        return task

    def keep(self, task: Task) -> None:
        """Gives a task its number, and remembers it for the log."""
        task.number = len(self.tasks)
        self.tasks.append(task)

    def settled(self) -> None:
        """An item has been delivered or dropped; after the last one the run is over."""
        self.left -= 1
        self.over()

    def over(self) -> None:
        """Ends the run when nothing is left and nothing can come back."""
        if not self.left and not self.coming:
            self.clock.stop()
