"""Amounts of a budget as a table prints them: whole units of the currency, and its coins where all is small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...sim.line import MICRO
from .. import numbers
from .amounts import Fan

SMALL = 10_000
"""Units of a currency; a budget of less is told with coins."""


@dataclass(frozen=True)
class Coins:
    """places: decimals of what is printed."""

    currency: str
    places: int

    @staticmethod
    def of(currency: str, largest: int) -> Coins:
        """For a budget whose largest amount is so many micro-units."""
        return Coins(currency, numbers.coins(currency) if abs(largest) < SMALL * MICRO else 0)

    def text(self, micro: int, *, signed: bool = False) -> str:
        """The amount, rounded half up, without its currency."""
        return self._told(self._steps(micro), signed=signed)

    def money(self, micro: int) -> str:
        """The amount with its currency."""
        return f"{self.text(micro)} {self.currency}"

    def risks(self, one: Fan) -> tuple[str, str, str]:
        """P50, P80 and P95."""
        return self.text(one.p50), self.text(one.p80), self.text(one.p95)

    def between(self, begin: int, parts: Sequence[int], end: int) -> list[str]:
        """Parts with their signs, rounded so that they lead from the rounded begin to the rounded end, by largest
        remainder."""
        step = self._step
        floors = [part // step for part in parts]
        left = self._steps(end) - self._steps(begin) - sum(floors)
        order = sorted(range(len(parts)), key=lambda i: (-(parts[i] % step), i))
        for number in range(abs(left)):
            floors[order[number % len(order)] if left > 0 else order[-1 - number % len(order)]] += 1 if left > 0 else -1
        return [self._told(one, signed=True) for one in floors]

    @property
    def _step(self) -> int:
        return MICRO // int(10**self.places)

    def _steps(self, micro: int) -> int:
        return (2 * micro + self._step) // (2 * self._step)

    def _told(self, steps: int, *, signed: bool) -> str:
        sign = "-" if steps < 0 else "+" if signed else ""
        whole, part = divmod(abs(steps), 10**self.places)
        return f"{sign}{whole:,}" + (f".{part:0{self.places}d}" if self.places else "")
