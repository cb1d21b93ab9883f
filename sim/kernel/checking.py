"""Who has given a label looks it over before handing it in. See reference/checking.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..quantiles import LENGTH
from ..service import elapsed_ms, service_ms
from .memory import Row, floats
from .verdicts import anew, drawn_for, place
from .world import item, stage, task, worker

CHECK, CATCH = int(Purpose.CHECK), int(Purpose.CATCH)


@inner
def look_over(w: Row, k: int, t: int) -> None:
    """The label as it is handed in, and whether it was found wrong before."""
    one = task(w, t)
    rules = stage(w, one.stage)
    one.caught = 0
    if rules.check_at == 0 or one.label == item(w, one.item).truth or worker(w, k).spams != 0:
        return
    if drawn_for(w, CATCH, t) < rules.catch:
        one.caught, one.label = 1, anew(w, k, t)


@inner
def check_ms(w: Row, t: int, pace: float, own: int) -> int:
    """Active milliseconds of looking a label over, and of giving it anew. own: of the first label."""
    one = task(w, t)
    rules = stage(w, one.stage)
    if rules.check_at == 0:
        return 0
    key, table = item(w, one.item).key, floats(rules.check_at, LENGTH)
    look = service_ms(w.stream, key, place(w, CHECK, t), table, pace, w.tick)
    return look + (elapsed_ms(own, rules.mend, w.tick) if one.caught > 0 else 0)
