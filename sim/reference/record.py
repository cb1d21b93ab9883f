"""What the reference engine remembers of items and tasks while they are under way."""

from __future__ import annotations


class Item:
    """An item on its way.

    nature: key of what it is (truth, difficulty, attractor), which a duplicate shares with its original; key: of its
    own luck.  votes: (replica, worker, label) of the round, given at the stage `voted`; tenures: by worker, tasks
    that they had finished there before.  asked: since when the item waits for its next task, None while it does not;
    synced: milliseconds of that wait that were for other replicas. judges: (worker, stage) of reviews.  entry: how
    often it has come to a stage; issues: tasks issued again since.  base: the round from which rounds count.
    rollbacks: how many have sent it back.  been: how often it came to each stage in this round, where it may come
    twice.  sent_back: the inspection that last did.  skipped: who leaves it, or has left it, where it is now."""

    __slots__ = (
        "arrived",
        "asked",
        "authors",
        "base",
        "been",
        "delivered",
        "difficulty",
        "dropped",
        "dropped_as",
        "due",
        "entry",
        "gold",
        "issues",
        "judges",
        "key",
        "label",
        "labellers",
        "last",
        "lot",
        "nature",
        "number",
        "objects",
        "original",
        "pending",
        "refused",
        "rollbacks",
        "round",
        "sampled",
        "segment",
        "sent_back",
        "serial",
        "skipped",
        "suggestion",
        "synced",
        "tenures",
        "truth",
        "voted",
        "votes",
    )

    def __init__(
        self,
        number: int,
        arrived: int,
        segment: int,
        serial: int,
        key: int,
        nature: int,
        truth: int,
        difficulty: float,
        objects: int,
        original: int,
        sampled: bool,
        due: int,
    ) -> None:
        self.number, self.arrived, self.segment, self.serial = number, arrived, segment, serial
        self.key, self.nature, self.truth, self.difficulty = key, nature, truth, difficulty
        self.objects, self.original, self.sampled, self.due = objects, original, sampled, due
        self.round = self.base = self.rollbacks = 0
        self.pending = self.entry = self.issues = 0
        self.gold = False
        self.last = -1  # the pool of whoever did its last task
        self.label: int | None = None
        self.suggestion: int | None = None
        self.lot: int | None = None
        self.sent_back: int | None = None
        self.refused: tuple[int, int] | None = None
        self.asked: int | None = None
        self.synced = 0
        self.delivered: int | None = None
        self.dropped: int | None = None
        self.dropped_as: str | None = None
        self.voted = -1
        self.votes: list[tuple[int, int, int]] = []
        self.tenures: dict[int, float] = {}
        self.labellers: list[int] = []  # who has begun a label of this round
        self.authors: list[int] = []
        self.judges: list[tuple[int, int]] = []
        self.skipped: list[int] = []
        self.been: dict[int, int] | None = None


class Task:
    """One unit of work by one worker on one item at one stage.

    number: in the order of being made.  pools: who may do it, pool: the one of the worker, or the first.  wanted: the
    only worker who may do it, or None.  order: of becoming ready.  ranks: in the queues of its pools.  visit: how
    often the item was at this stage before, in this round.  luck: where its draws stand among those of the visit: at
    its replica, or, for what is issued again, counted down from the end.  entry: of the item when it was made; a task
    of an earlier entry counts no more. begun: how often; its completion is the last one's.  taken: by a worker's
    hand, or out of the queue.  left: active milliseconds still to do, None before the first start.  setup: the batch
    is set up before it.  tenure: tasks that the worker had finished at the stage.  over: done past the end of a
    shift.  tested: the draw of a test question before it is over.  tier: the pool that its item's difficulty calls for,
    -1 where that is not asked.  twins: the task and its reissues, of which the first result counts; counted: this one
    did. void: never was, and is not in the log.  charged: what its segment was charged for it, see sharing.py.
    leaves: its worker looks at it and leaves it; skips: how often that was so before.  check: active milliseconds in
    which its label was looked over and mended, None where there is none; caught: it was found wrong."""

    __slots__ = (
        "active",
        "batch",
        "begun",
        "caught",
        "charged",
        "check",
        "consensus",
        "counted",
        "enqueued",
        "entry",
        "finished",
        "handoff",
        "item",
        "label",
        "leaves",
        "left",
        "luck",
        "number",
        "order",
        "outcome",
        "over",
        "pool",
        "pools",
        "ranks",
        "ready",
        "replica",
        "rollbacks",
        "round",
        "setup",
        "skips",
        "stage",
        "started",
        "suggestion",
        "taken",
        "tenure",
        "tested",
        "tier",
        "twins",
        "visit",
        "void",
        "wanted",
        "worker",
    )

    def __init__(self, item: Item, stage: int, replica: int, visit: int, enqueued: int) -> None:
        self.item, self.stage, self.round, self.replica, self.visit = item, stage, item.round, replica, visit
        self.entry, self.luck, self.rollbacks = item.entry, replica, item.rollbacks
        self.number = self.order = self.begun = self.charged = self.skips = 0
        self.ranks: tuple[tuple[int, int, int, int], ...] = ()
        self.enqueued = enqueued
        self.ready: int | None = enqueued
        self.consensus = self.handoff = 0
        self.pools: tuple[int, ...] = ()
        self.pool = -1
        self.tier = -1
        self.wanted: int | None = None
        self.taken = False
        self.worker: int | None = None
        self.started: int | None = None
        self.finished: int | None = None
        self.active: int | None = None
        self.left: int | None = None
        self.label: int | None = None
        self.suggestion: int | None = None
        self.outcome: str | None = None
        self.tenure = 0.0
        self.batch: int | None = None
        self.setup = self.over = self.tested = self.counted = self.void = self.leaves = False
        self.caught: int | None = None
        self.check: int | None = None
        self.twins = [self]

    def rank(self, pool: int) -> tuple[int, int, int, int]:
        """Its rank among what waits for a pool that may do it."""
        return self.ranks[0] if len(self.ranks) == 1 else self.ranks[self.pools.index(pool)]

    @property
    def filled(self) -> bool:
        """Whether the result of this task, or of a twin, has come."""
        return any(twin.counted for twin in self.twins)

    @property
    def stale(self) -> bool:
        """Whether nobody needs its result any more: another's has come, or its item has gone elsewhere."""
        return self.filled or self.entry != self.item.entry

    @property
    def waits(self) -> bool:
        """Whether it waits for somebody to take it, or for an answer first."""
        return not self.taken and not self.void

    def again(self, now: int) -> Task:
        """The same work, to be done by another or later, from now on."""
        other = Task(self.item, self.stage, self.replica, self.visit, now)
        other.round, other.entry, other.suggestion = self.round, self.entry, self.suggestion
        other.tier, other.rollbacks, other.skips = self.tier, self.rollbacks, self.skips
        other.pools, other.pool, other.tested, other.luck = self.pools, self.pool, self.tested, self.luck
        return other
