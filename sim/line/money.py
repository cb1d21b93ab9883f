"""What a pool costs: the parts of a contract, in whole micro-units, and what currencies are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Per = Literal["month", "quarter", "year"]
"""Calendar months, quarters and years, in the line's time zone."""

Count = Literal["all", "month", "quarter", "year"]
"""How long labels are counted on before they are numbered anew; all: as long as the line runs."""


@dataclass(frozen=True)
class Tier:
    """A price per label for labels up to and including the `up_to`-th under this contract (None: all further ones)."""

    up_to: int | None
    price: int


@dataclass(frozen=True)
class Minimum:
    """Use of less than `amount` in a period is billed as a shortfall at its end.

    ramp: (from_s, share of the amount), rising in time; nothing is committed before the first. () is all of it from the
    start. A period of which only a part is committed counts by its time. carry: so many later periods in which what was
    paid as a shortfall is taken off use beyond the minimum, the oldest first.
    """

    amount: int
    per: Per = "month"
    carry: int = 0
    ramp: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Index:
    """Prices rise by the share `by` each `every` months, compound, from the day on which they were agreed."""

    by: float
    every: int = 12


Unit = Literal["label", "item", "object"]
"""What is paid by the piece. label: each task finished with a result.  item: the first label of each item.  object: as
many as the item of a task has."""


@dataclass(frozen=True)
class Steps:
    """By how much what was billed for use in each period changes with a share: of the steps (share from which on,
    change), rising, that of the last one reached; nothing below the first, and where the share is not known."""

    steps: tuple[tuple[float, float], ...]
    per: Count = "month"


@dataclass(frozen=True)
class Audit:
    """A share of all paid pieces is looked at by somebody else, for so much each."""

    share: float
    price: int


@dataclass(frozen=True)
class Refund:
    """What comes off for each lot of an inspection that is refused at its first one. share: of what its pieces were
    billed.  amount: of each lot with paid pieces."""

    share: float = 0.0
    amount: int = 0


@dataclass(frozen=True)
class Termination:
    """The contract ends `notice_days` after the day on which notice is given, until when its monthly fees and minimum
    stand. given_s: when that is; None: on the day on which the work ends, which is also the latest."""

    notice_days: int
    given_s: float | None = None


@dataclass(frozen=True)
class Contract:
    """What a pool costs; the parts add up. Prices are in micro-units of `currency`, "" for the line's.

    hourly: per on-shift hour; overtime: times that for hours in overtime.  salary: per person and month employed.
    per_label: tiers, in order, for each `unit` finished by the pool, counted by finish time; rework tasks count and are
    paid only if `rework_paid`.  count: they are numbered anew each such period.  all_units: the tier that the last of
    the period falls into prices all; else each has the price of its own.
    rush: (within_s, factor), rising: factor on the price of an item's pieces that is due so soon after it came.
    monthly, management: per calendar month begun.  set_up: once, at the start.  seat: per person and month begun.
    minimum: of hours, salaries and labels together.  index: of all prices but the minimum and the set-up.
    accuracy: by the share of labels that are right, of those whose truth is known.  on_time: by the share of labels
    finished by their items' due dates, of those that have one.  audit: beside all that.  lots: off all that.
    tax: share on top of every invoice.
    hiring, leaving: once for each person who comes after the start, who leaves before the end.  notice_days: for which
    who leaves is paid on after the last day, by the salary and by the hour.
    account: pools of one account are counted and billed together; "" for an account of the pool's own.
    """

    hourly: int | None = None
    per_label: tuple[Tier, ...] = ()
    rework_paid: bool = False
    overtime: float = 1.0
    salary: int | None = None
    count: Count = "all"
    all_units: bool = False
    monthly: int = 0
    management: int = 0
    set_up: int = 0
    seat: int = 0
    minimum: Minimum | None = None
    index: Index | None = None
    unit: Unit = "label"
    rush: tuple[tuple[float, float], ...] = ()
    accuracy: Steps | None = None
    on_time: Steps | None = None
    audit: Audit | None = None
    lots: Refund | None = None
    currency: str = ""
    tax: float = 0.0
    hiring: int = 0
    leaving: int = 0
    notice_days: int = 0
    termination: Termination | None = None
    account: str = ""


@dataclass(frozen=True)
class Exchange:
    """What a unit of a currency is worth in the line's, from a date on, and before it where it is the first."""

    currency: str
    at_s: float
    rate: float
