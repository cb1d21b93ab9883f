"""People who look at a task and leave it to somebody else, or put it away until a question is answered.

Whether the next one leaves it too, and how long they look, are numbers of the task and of how often it was left before,
not of who takes it: so who is there changes nobody's luck. What was broken off is left again, as it is the same draw.
"""

from __future__ import annotations

from ..calendars import NEVER, working_end
from ..draws import Purpose, subject, uniform
from ..plan import StagePlan
from ..service import service_ms, whole_ms
from .record import Task
from .state import State
from .verdicts import place


def leaves(state: State, task: Task, stage: StagePlan) -> bool:
    """Whether who begins a task will leave it. Test questions, and what was stopped in the midst, nobody leaves."""
    item = task.item
    if stage.skip <= 0.0 or item.gold or task.left is not None:
        return False
    if (len(item.skipped) if stage.answer is None else task.skips) >= stage.skip_most:
        return False
    return uniform(state.stream, subject(item.key, task.skips), place(Purpose.SKIP, stage, task)) < stage.skip


def look_ms(state: State, task: Task, stage: StagePlan) -> int:
    """How long they look, as active milliseconds; with the set-up of the batch that the task begins."""
    key, at = subject(task.item.key, task.skips), place(Purpose.SKIP_TIME, stage, task)
    look = service_ms(state.stream, key, at, stage.skip_time, 1.0, state.plan.tick)
    return look + (whole_ms(stage.batch.setup_s, state.plan.tick) if task.setup else 0)


def answer_ms(state: State, task: Task, stage: StagePlan, pool: int) -> int:
    """How long somebody of a pool waits for the answer to what they have just asked; NEVER where it does not come."""
    assert stage.answer is not None
    key, at = subject(task.item.key, task.skips), place(Purpose.ANSWER, stage, task)
    work = service_ms(state.stream, key, at, stage.answer, 1.0, state.plan.tick)
    end = working_end(*stage.hours, state.clock.now + int(stage.there[pool]), work)
    return NEVER if end == NEVER else end + int(stage.back[pool]) - state.clock.now
