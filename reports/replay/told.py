"""A day as few characters of JSON, as a page's script reads it, and as a table of hours and a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import style
from ..days import WEEKDAYS, day_words
from .day import Day

Ints = npt.NDArray[np.int64]


def sparse(values: Ints) -> list[int]:
    """Changes of a series as frames since the last change and by how much, flat: 5, 5, 7, 7, 4 is 0, 5, 2, 2, 2, -3.
    What it is before the first frame is 0."""
    changes = np.diff(values, prepend=0)
    at = np.flatnonzero(changes)
    return [int(n) for pair in zip(np.diff(at, prepend=0), changes[at], strict=True) for n in pair]


def dense(flat: list[int], frames: int) -> Ints:
    """What `sparse` made of a series of so many frames."""
    changes = np.zeros(frames, np.int64)
    at = 0
    for gap, by in zip(flat[::2], flat[1::2], strict=True):
        at += gap
        changes[at] += by
    return np.cumsum(changes)


def day_data(found: Day) -> dict[str, Any]:
    """What the script needs. clock: minutes after midnight as [frame, minutes] wherever it jumps.  Series are sparse;
    moves: [from, to, series] with the sum of all moves so far as the series."""
    frames = len(found.at_ms)
    clock = [[0, found.clock(0)]]
    for frame in range(1, frames):
        if found.clock(frame) != found.clock(frame - 1) + found.step:
            clock.append([frame, found.clock(frame)])
    return {
        "day": day_title(found),
        "step": found.step,
        "frames": frames,
        "clock": clock,
        "stages": [style.name(name, 40) for name in found.stages],
        "pools": [style.name(name, 40) for name in found.pools],
        "waiting": [sparse(one) for one in found.waiting],
        "hand": [sparse(one) for one in found.in_hand],
        "there": [sparse(one) for one in found.there],
        "moves": [[start, to, sparse(np.cumsum(many))] for (start, to), many in found.moves.items()],
    }


def day_json(found: Day) -> str:
    """The data as text that may stand in a page's script block: no character of it begins a tag."""
    text = json.dumps(day_data(found), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def day_title(found: Day) -> str:
    """Mon 4 Jan 2027 (Europe/Paris)."""
    return f"{WEEKDAYS[found.day.weekday()]} {day_words(found.day)} ({found.zone})"


def clock_words(minutes: int) -> str:
    """09:30; 24:00 is the end of the day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours(found: Day) -> list[tuple[str, list[str]]]:
    """The state at the first frame, at each whole hour and at the last: clock, and by stage what waits and is in hand;
    then what is delivered so far."""
    last = len(found.at_ms) - 1
    shown = [k for k in range(last + 1) if k in (0, last) or found.clock(k) % 60 < found.step]
    delivered = found.came(found.delivered)
    rows = []
    for k in shown:
        cells = [
            f"{w:,} + {h:,}" for w, h in zip(found.waiting[:, k].tolist(), found.in_hand[:, k].tolist(), strict=True)
        ]
        rows.append((clock_words(found.clock(k)), [*cells, f"{int(delivered[k]):,}"]))
    return rows


def day_sentence(found: Day) -> str:
    """What the day was, for who cannot watch it."""
    longest = []
    for stage, waiting in zip(found.stages, found.waiting, strict=True):
        frame = int(np.argmax(waiting))
        if waiting[frame]:
            longest.append((int(waiting[frame]), f"{style.name(stage)} at {clock_words(found.clock(frame))}"))
    queues = [f"{where} ({many:,})" for many, where in sorted(longest, key=lambda one: -one[0])]
    delivered, recalled = (int(one(found.delivered)[-1]) for one in (found.came, found.left))
    told = f"{delivered:,} items delivered{f', {recalled:,} called back' if recalled else ''}"
    return f"{told}; longest queues: {', '.join(queues) or 'none'}."
