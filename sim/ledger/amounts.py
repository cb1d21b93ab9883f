"""Whole micro-units: what a currency can pay, exact rounding, and amounts spread without a remainder."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ..line import MICRO

_NO_MINOR = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF"}
_NO_MINOR |= {"XOF", "XPF"}
_TEN_THOUSANDTHS = {"CLF", "UYW"}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def minor_unit(currency: str) -> int:
    """Micro-units in the smallest unit in which a currency is paid (ISO 4217): 10,000 for cents."""
    if currency in _NO_MINOR:
        return MICRO
    if currency in _TEN_THOUSANDTHS:
        return MICRO // 10_000
    return MICRO // 1000 if currency in _THOUSANDTHS else MICRO // 100


def decimal_amount(micro: int) -> Decimal:
    """An amount in units of its currency, exactly."""
    return Decimal(int(micro)) / MICRO


def rounded(numerator: int | Fraction, denominator: int, minor: int) -> int:
    """numerator / denominator micro-units, rounded to whole minor units, halves away from zero, so that a charge and
    its reversal cancel."""
    if numerator < 0:
        return -rounded(-numerator, denominator, minor)
    return (2 * numerator + denominator * minor) // (2 * denominator * minor) * minor


def spread(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """`total` in whole parts proportional to the weights, by largest remainder; ties go to the earlier part. No two
    weights are of different signs."""
    whole = sum(weights)
    if whole == 0:
        assert total == 0, "an amount needs a line to stand on"
        return [0] * len(weights)
    if whole < 0:
        return spread(total, [-weight for weight in weights])
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
