"""What each activity costs in each month, as a table that is read by its colours: a picture, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...scenarios.when import MONTHS
from ...sim.ledger import IDLE
from ...sim.line import MICRO
from .. import numbers, palette, style
from ..panels import activity_words
from .whole import Budget

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

ROW, TOP, BELOW = 26, 40, 30
"""Pixels of a row, above the first, and below the last for the totals."""

MANY = 1_000_000
"""Currency units of a whole from which on thousands are told."""


@dataclass(frozen=True, eq=False)
class Months:
    """Mean amounts in currency units: float64[activity, month]. months: "2027-01", .., none left out between the first
    and the last.  activities: the dearest first, idle last."""

    months: tuple[str, ...]
    activities: tuple[str, ...]
    amounts: npt.NDArray[np.float64]
    currency: str

    @property
    def of_activity(self) -> npt.NDArray[np.float64]:
        """Totals by activity."""
        return np.asarray(self.amounts.sum(axis=1))

    @property
    def of_month(self) -> npt.NDArray[np.float64]:
        """Totals by month."""
        return np.asarray(self.amounts.sum(axis=0))


def months_of_budget(found: Budget) -> Months:
    """Of a budget: its actuals as far as they go, then the plan, within the budget's months."""
    rows = [found.ledger[found.ledger["month"] > found.cut]]
    if found.asked.actuals is not None:
        rows.append(found.asked.actuals.rows)
    columns = ["month", "activity", "amount"]
    whole = pd.concat([each[columns] for each in rows])
    return months_of(whole[whole["month"].isin(found.months)], 1, found.line.currency)


def months_of(rows: pd.DataFrame, replications: int, currency: str) -> Months:
    """The means over replications of rows with month, activity and amount in micro-units. Of a run's ledger they sum to
    its mean cost."""
    if rows.empty:
        return Months((), (), np.zeros((0, 0)), currency)
    sums = rows.assign(month=rows["month"].astype(str), activity=rows["activity"].astype(str))
    table = sums.pivot_table(index="activity", columns="month", values="amount", aggfunc="sum", fill_value=0)
    whole = table.sum(axis=1)
    order = sorted(table.index, key=lambda name: (name == IDLE, -whole[name], name))
    months = every_month(min(table.columns), max(table.columns))
    amounts = table.reindex(index=order, columns=list(months), fill_value=0).to_numpy(np.float64)
    return Months(months, tuple(order), amounts / MICRO / replications, currency)


def every_month(first: str, last: str) -> tuple[str, ...]:
    """Months from one to another, both as "2027-01" and both included."""
    a, b = (12 * int(one[:4]) + int(one[5:7]) - 1 for one in (first, last))
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(a, b + 1))


def draw_months(found: Months, width: int = style.WIDE) -> Drawing:
    """A row for each activity, a column for each month, as full of colour as its share of the largest; totals beside
    and below. Amounts stand in their cells where there is room."""
    from matplotlib.patches import Rectangle

    rows, wide = len(found.activities), width >= 600
    thousand = found.amounts.sum() >= MANY
    left, right = (130, 78) if wide else (92, 62)
    cell = (width - left - right) / max(len(found.months), 1)
    texts = [[_told(value, thousand) for value in row] for row in found.amounts]
    fits = max((len(text) for row in texts for text in row), default=0) * 6.8 + 4 <= cell
    most = float(found.amounts.max(initial=0.0)) or 1.0
    with style.canvas("months", width, TOP + ROW * rows + BELOW) as figure:
        axes = style.frame(figure, 0, 0, 0, 0)
        axes.set_xlim(0, width)
        axes.set_ylim(TOP + ROW * rows + BELOW, 0)
        axes.axis("off")
        for at, activity in enumerate(found.activities):
            y = TOP + ROW * at
            for month, value in enumerate(found.amounts[at]):
                share = max(0.0, value) / most
                x = left + cell * month
                axes.add_patch(Rectangle((x + 0.5, y + 1), cell - 1, ROW - 2, facecolor=palette.series(0), linewidth=0,
                                         alpha=round(share, 3)))  # fmt: skip
                if fits and value:
                    colour = palette.LIGHT["paper"] if share > 0.6 else palette.INK
                    axes.text(x + cell / 2, y + ROW / 2, texts[at][month], ha="center", va="center_baseline",
                              color=colour, size=style.SMALL)  # fmt: skip
            words = activity_words(activity)
            axes.text(left - 8, y + ROW / 2, style.name(words, 17 if wide else 12), ha="right", va="center_baseline",
                      color=palette.INK, size=style.SMALL)  # fmt: skip
            axes.text(width, y + ROW / 2, _told(found.of_activity[at], thousand), ha="right", va="center_baseline",
                      color=palette.INK, size=style.SMALL)  # fmt: skip
        _heads(axes, found, left, cell)
        _totals(axes, found, left, cell, width, thousand=thousand)
        unit = f"{'thousand ' if thousand else ''}{style.name(found.currency)}"
        span = f", {_dated(found.months[0])} to {_dated(found.months[-1])}" if found.months else ""
        axes.text(0, 12, f"mean cost, {unit}{span}", color=palette.MUTED, size=style.SMALL)
    return figure


def months_words(found: Months) -> str:
    """What the picture shows, read aloud in its place: the totals, and each activity's dearest month."""
    if not found.months:
        return "Nothing is spent."
    told = []
    for at, activity in enumerate(found.activities):
        month = int(np.argmax(found.amounts[at]))
        name = style.name(activity_words(activity), 24)
        told.append(f"{name} {numbers.plain(found.of_activity[at])}, most in {found.months[month]}")
    unit = style.name(found.currency)
    whole = numbers.plain(found.amounts.sum())
    return (
        f"Mean cost by activity and month, {found.months[0]} to {found.months[-1]}, {whole} {unit} in all. "
        f"{'; '.join(told)}."
    )


def _dated(month: str) -> str:
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def _told(value: float, thousand: bool) -> str:
    scaled = value / 1_000 if thousand else value
    return numbers.plain(scaled, 1 if thousand and abs(scaled) < 100 else 0)


def _heads(axes: Axes, found: Months, left: float, cell: float) -> None:
    """Names of the months, as many as there is room for, with the year below the first of each."""
    every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 600) if n * cell >= 26)
    for at, month in enumerate(found.months):
        if at % every:
            continue
        year = at == 0 or month[:4] != found.months[at - every][:4]
        text = f"{MONTHS[int(month[5:7]) - 1]}{' ' + month[:4] if year and every * cell >= 56 else ''}"
        axes.text(left + cell * (at + 0.5), TOP - 6, text, ha="center", color=palette.MUTED, size=style.SMALL)


def _totals(axes: Axes, found: Months, left: float, cell: float, width: int, *, thousand: bool) -> None:
    y = TOP + ROW * len(found.activities)
    axes.plot([0, width], [y + 2, y + 2], color=palette.RULE, linewidth=1)
    texts: Sequence[str] = [_told(value, thousand) for value in found.of_month]
    if max((len(text) for text in texts), default=0) * 6.8 + 4 <= cell:
        for at, text in enumerate(texts):
            axes.text(left + cell * (at + 0.5), y + 18, text, ha="center", color=palette.INK, size=style.SMALL)
    for text, x, side in (("all", left - 8, "right"), (_told(found.amounts.sum(), thousand), width, "right")):
        axes.text(x, y + 18, text, ha=side, color=palette.INK, size=style.SMALL, weight="bold")
