"""Workers by number: staff first, through all pools in turn; people of a crowd as they first come."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..calendars import NEVER, Shifts
from ..draws import Purpose, uniform, where
from ..drift import day_of, walked
from ..learning import faded
from ..plan import Plan, PoolPlan
from ..quantiles import quantile
from .record import Task


class Workers:
    """What is known of each worker; lists by number.

    pool, number, slot: where they stand, their number in the pool, and the place that they fill there.
    pace: factor on service time.  skill: logits.
    deviation: skill less the pool's mean.  finds, alarms: as a judge, logits added to a rejection of a wrong and of a
    right label.  spams: answers without looking.  gained: logits from training after test questions, at `gained_at`;
    half of them are lost after `fades` milliseconds, 0 for never.  shift_of: number of the shift set; open_since,
    open_until: of each shift set the interval that is open, 0 while closed.  task: in hand.  hand: taken, and to be
    done after it.  idle_since: None while on a task.
    practice: by stage.  seen, right: labels of theirs that were judged, and accepted.
    gold_seen, gold_right: test questions since the last training; golds: all of them.
    allowance: tasks that a session is still good for, -1 for staff.  leaves: when a worker leaves for good, NEVER if
    not; finishing: after the task in hand.  gone: has left.  spans: of each shift set its Shifts, None for sessions.
    """

    def __init__(self, plan: Plan, stream: int) -> None:
        self._plan, self._stream = plan, stream
        self._speed: list[float] = []
        self._luck: list[float] = []
        self._spam: list[float] = []
        self._walk_day: list[int] = []
        self._walked: list[float] = []
        self.pool: list[int] = []
        self.number: list[int] = []
        self.slot: list[int] = []
        self.key: list[int] = []
        self.pace: list[float] = []
        self.skill: list[float] = []
        self.deviation: list[float] = []
        self.finds: list[float] = []
        self.alarms: list[float] = []
        self.spams: list[bool] = []
        self.gained: list[float] = []
        self.gained_at: list[int] = []
        self.fades: list[int] = []
        self.shift_of: list[int] = []
        self.open_since: list[int] = []
        self.open_until: list[int] = []
        self.spans: list[Shifts | None] = []
        self.leaves: list[int] = []
        self.finishing: list[bool] = []
        self.mentored_until: list[int] = []
        self.task: list[Task | None] = []
        self.hand: list[list[Task]] = []
        self.idle_since: list[int | None] = []
        self.practice: list[list[float]] = []
        self.seen: list[int] = []
        self.right: list[int] = []
        self.gold_seen: list[int] = []
        self.gold_right: list[int] = []
        self.golds: list[int] = []
        self.allowance: list[int] = []
        self.gone: list[bool] = []

    def __len__(self) -> int:
        return len(self.pool)

    def add(self, pool: int, number: int, slot: int, key: int, shift: int, came: int) -> int:
        """A new worker's number. Pace and skill are drawn, keyed by the pool and the number in it. came: when their
        skill begins to wander."""
        normal = self._plan.normal
        self._speed.append(quantile(normal, uniform(self._stream, key, where(Purpose.SPEED))))
        self._luck.append(quantile(normal, uniform(self._stream, key, where(Purpose.SKILL))))
        self._spam.append(uniform(self._stream, key, where(Purpose.SPAMMER)))
        self._walk_day.append(day_of(came, self._plan.midnight))
        self._walked.append(0.0)
        self.pool.append(pool)
        self.number.append(number)
        self.slot.append(slot)
        self.key.append(key)
        self.shift_of.append(shift)
        self.leaves.append(NEVER)
        self.finishing.append(False)
        self.mentored_until.append(0)
        self.task.append(None)
        self.hand.append([])
        self.idle_since.append(0)
        self.practice.append([0.0] * len(self._plan.stages))
        for zeros in (self.seen, self.right, self.gold_seen, self.gold_right, self.golds):
            zeros.append(0)
        self.allowance.append(-1)
        self.gone.append(False)
        self.gained.append(0.0)
        self.gained_at.append(0)
        self.fades.append(0)
        self.pace.append(0.0)
        self.skill.append(0.0)
        self.deviation.append(0.0)
        self.finds.append(0.0)
        self.alarms.append(0.0)
        self.spams.append(False)
        return len(self.pool) - 1

    def known(self, people: Sequence[Sequence[float]]) -> None:
        """What is known of workers from 0 on: speed, speed_sd, skill and skill_sd; see line.Known."""
        for worker, (speed, speed_sd, skill, skill_sd) in enumerate(people):
            self._speed[worker] = speed + speed_sd * self._speed[worker]
            self._luck[worker] = skill + skill_sd * self._luck[worker]

    def add_shift(self, spans: Shifts | None) -> int:
        """A new shift set's number; None for sessions, which begin and end as they do."""
        self.spans.append(spans)
        self.open_since.append(0)
        self.open_until.append(0)
        return len(self.spans) - 1

    def shifts(self, worker: int) -> Shifts | None:
        """When the worker is there to take tasks; None for people of a crowd."""
        return self.spans[self.shift_of[worker]]

    def settle(self, pools: Sequence[PoolPlan], first: int = 0, end: int | None = None) -> None:
        """Works out pace and skill of workers first .. end - 1 from what their pools are now."""
        for worker in range(first, len(self.pool) if end is None else end):
            pool = pools[self.pool[worker]]
            self.pace[worker] = pool.speed * math.exp(pool.speed_sd * self._speed[worker])
            self.deviation[worker] = pool.skill_sd * self._luck[worker] + self.gained[worker]
            self.skill[worker] = pool.skill_mean + self.deviation[worker]
            self.finds[worker] = self._own(worker, Purpose.SENSITIVITY, pool.wrong_sd)
            self.alarms[worker] = self._own(worker, Purpose.FALSE_ALARM, pool.right_sd)
            self.spams[worker] = self._spam[worker] < pool.spammers

    def _own(self, worker: int, purpose: Purpose, sd: float) -> float:
        """The worker's own number for a purpose, N(0, sd)."""
        if not sd > 0.0:
            return 0.0
        return sd * quantile(self._plan.normal, uniform(self._stream, self.key[worker], where(purpose)))

    def drift(self, worker: int, pool: PoolPlan, now: int) -> float:
        """Logits by which the worker's skill has changed since they came."""
        day = day_of(now, self._plan.midnight)
        if day > self._walk_day[worker]:
            days = self._walk_day[worker], day
            self._walked[worker] = walked(
                self._stream, self.key[worker], self._plan.today, *days, self._walked[worker], self._plan.normal
            )
            self._walk_day[worker] = day
        return pool.walk * self._walked[worker]

    def gain(self, worker: int, logits: float, half: int, now: int) -> None:
        """A worker has been trained: what is left of earlier training, and this, fades from now on."""
        self.gained[worker] = self.gained[worker] - self.lost_since(worker, now) + logits
        self.gained_at[worker], self.fades[worker] = now, half

    def lost_since(self, worker: int, now: int) -> float:
        """Logits that are lost of what training gained."""
        if self.fades[worker] == 0:
            return 0.0
        return faded(self.gained[worker], self.fades[worker], now - self.gained_at[worker])

    def on_shift(self, worker: int) -> bool:
        """Whether the worker is there now to take tasks."""
        return self.open_until[self.shift_of[worker]] > 0 and not self.gone[worker]

    def lost(self, worker: int) -> bool:
        """Whether nothing may wait for the worker alone: they have left, or their session is over."""
        return self.gone[worker] or (self.spans[self.shift_of[worker]] is None and not self.on_shift(worker))

    def past_accuracy(self, worker: int) -> float:
        """Share of the worker's labels that were accepted so far, by Laplace's rule of succession."""
        return (self.right[worker] + 1.0) / (self.seen[worker] + 2.0)
