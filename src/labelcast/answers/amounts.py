"""Amounts of money and terms of payment as they are typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..scenarios.problems import guess, listed, quoted
from ..scenarios.units import grouped, number
from ..sim.line import MICRO

DEAREST = 10**12
"""Units of currency of the largest budget."""

LONGEST = 3_650
"""Days of the longest term of payment."""


def money(text: str, option: str, currency: str, problems: list[str]) -> int | None:
    """Micro-units of an amount in a currency, which it need not name; None, and a problem more, where it is none."""
    if why := grouped(text):
        problems.append(f"{option}: {why}")
        return None
    try:
        value, unit = number(text, f"60000 {currency}")
    except ValueError as error:
        problems.append(f"{option}: {error}")
        return None
    if unit not in ("", currency):
        problems.append(
            f"{option}: must be in {currency}, the scenario's currency, but got {quoted(text)}. Convert it."
        )
        return None
    if not 0 <= value <= DEAREST:
        problems.append(f'{option}: must be at least 0 and at most {DEAREST:,}, but got {quoted(text)}. Write "60000".')
        return None
    return int((value * MICRO).to_integral_value())


def payments(words: Sequence[str] | None, pools: Sequence[str], problems: list[str]) -> Mapping[str, int] | None:
    """Days to payment by pool, "" for all others; None where nothing is said."""
    if not words:
        return None
    found: dict[str, int] = {}
    for word in words:
        pool, days = _pair(word)
        if pool and pool not in pools:
            rule = f"no pool is named {quoted(pool)} (there are: {listed(pools)})"
            problems.append(f"--paid-after {word}: {rule}.{guess(pool, pools)}")
        elif not re.fullmatch(r"[0-9]{1,4}", days) or int(days) > LONGEST:
            rule = f"must be a whole number of days, at most {LONGEST:,}, but got {quoted(days)}"
            problems.append(f"--paid-after: {rule}. Write 30, or {pools[0]}=30.")
        elif pool in found:
            problems.append(f"--paid-after {word}: {pool or 'all others'} stands twice. Take one out.")
        else:
            found[pool] = int(days)
    return found


def _pair(word: str) -> tuple[str, str]:
    pool, mark, days = word.rpartition("=")
    return (pool.strip(), days.strip()) if mark else ("", word.strip())
