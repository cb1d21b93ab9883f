"""Who has given a label looks it over before handing it in.

A wrong label is found with a chance; then the same person gives their label anew, with a draw of its own and no more
skill than at first. A right label stays. Who does not look finds nothing, though the time is spent.
"""

from __future__ import annotations

from ..draws import Purpose, uniform
from ..plan import StagePlan
from ..service import elapsed_ms, service_ms
from .record import Task
from .state import State
from .verdicts import anew, place


def look_over(state: State, worker: int, task: Task, stage: StagePlan) -> None:
    """The label as it is handed in, and whether it was found wrong before."""
    item = task.item
    task.caught = 0
    if stage.check_time is None or task.label == item.truth or state.workers.spams[worker]:
        return
    if uniform(state.stream, item.key, place(Purpose.CATCH, stage, task)) < stage.catch:
        task.caught, task.label = 1, anew(state, worker, task, stage)


def check_ms(state: State, task: Task, stage: StagePlan, pace: float, own: int) -> int:
    """Active milliseconds of looking a label over, and of giving it anew. own: of the first label."""
    if stage.check_time is None:
        return 0
    tick = state.plan.tick
    look = service_ms(state.stream, task.item.key, place(Purpose.CHECK, stage, task), stage.check_time, pace, tick)
    return look + (elapsed_ms(own, stage.mend, tick) if task.caught else 0)
