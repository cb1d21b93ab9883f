"""What happens on a date, in words: values that change, training, rollbacks, costs that fall due once or each month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...sim.line import Line, OneOff, Relabel, Running
from .. import numbers
from .phrases import date_of, due_date, share, whole

GONE = "no longer"


def change_words(
    line: Line, before: Mapping[str, str], after: Sequence[tuple[float, Mapping[str, str]]]
) -> Iterator[tuple[str, str]]:
    """A row for each path that changes, with all its dates.

    before: values by path at the start.  after: the same from each moment on, in order.
    """
    now, found = dict(before), dict[str, list[str]]()
    for at_s, values in after:
        for path in dict.fromkeys([*now, *values]):
            value = values.get(path, GONE)
            if value != now.get(path, GONE):
                found.setdefault(path, []).append(f"from {date_of(line, at_s)}: {value}")
        now = dict(values)
    for path, told in found.items():
        yield f"changes.{path}", f"{'; '.join(told)} (before: {before.get(path, 'none')})"


def event_words(line: Line) -> Iterator[tuple[str, str]]:
    """Rows of what happens once: trainings, rollbacks, costs; and of costs by the month."""
    trained = [
        f"{date_of(line, one.at_s)}: everyone of {one.pool}, {numbers.significant(one.hours)} h on shift"
        for one in line.trainings
    ]
    returned = [_relabel(line, one) for one in line.relabels]
    paid = [_paid(line, one) for one in line.one_offs]
    kept = [_running(line, one) for one in line.running]
    for key, told in (("train", trained), ("relabel", returned), ("cost", paid), ("running", kept)):
        if told:
            yield f"changes.{key}", "; ".join(told)


def window_words(line: Line) -> Iterator[tuple[str, str]]:
    """Rows of the training windows."""
    for window in line.windows:
        of = "" if window.segment is None else f" of {window.segment}"
        date = due_date(line, window.at_s)
        yield f"goals.windows.{window.name}", f"{whole(window.items, 'item')}{of} by {date}"


def _paid(line: Line, one: OneOff) -> str:
    """A cost with its date; a run may end before it, as soon as all is delivered."""
    told = f"{date_of(line, one.at_s)}: {numbers.money(one.amount, line.currency)} for {one.why}"
    return f"{told}, only if the run lasts until then" if one.at_s > 0 else told


def _running(line: Line, one: Running) -> str:
    amount = numbers.money(one.monthly, line.currency)
    return f"from {date_of(line, one.at_s)}: {amount} for {one.why}, each month that the run touches"


def _relabel(line: Line, relabel: Relabel) -> str:
    of = "" if relabel.segment is None else f" of {relabel.segment}"
    since = f" since {date_of(line, relabel.since_s)}" if relabel.since_s else ""
    what = f"{share(relabel.share)} of the items{of} delivered{since}"
    return f"{date_of(line, relabel.at_s)}: {what} go back to {relabel.to}"
