"""Keys of a scenario in words, for readers who do not write the file."""

from __future__ import annotations

import re

PRICES = {
    "hourly": "an hour",
    "salary": "a person and month",
    "per_label": "a label",
    "monthly": "a month",
    "management": "a month, management",
    "seat": "a seat and month",
}
"""Prices of a contract, and what each is paid for."""

_NAME = r"([^.]+)"
_TIME = r"(?:constant|exponential|(?:gamma|lognormal)\.(?:mean|median))"

_WHAT = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (rf"work\.{_NAME}\.backlog", "items at the start"),
        (rf"work\.{_NAME}\.arrivals\.rate", "items that arrive"),
        (rf"pools\.{_NAME}\.headcount", "people"),
        (rf"pools\.{_NAME}\.sessions\.rate", "visits"),
        (rf"pools\.{_NAME}\.skill\.accuracy", "accuracy of people"),
        (rf"pools\.{_NAME}\.skill\.mean", "skill of people"),
        (rf"pools\.{_NAME}\.skill\.spread", "how far people differ in skill"),
        (rf"stages\.{_NAME}\.time(?:\.{_TIME})?", "time a task"),
        (rf"stages\.{_NAME}\.time\.(?:gamma\.shape|lognormal\.sigma)", "how far times differ"),
        (rf"stages\.{_NAME}\.labels_per_item(?:\.\w+)?", "labels an item"),
        (rf"stages\.{_NAME}\.fraction(?:\.rest)?", "share of items"),
        (rf"stages\.{_NAME}\.batch\.size", "batch"),
        *((rf"pools\.{_NAME}\.pay\.{key}", f"price, {of}") for key, of in PRICES.items()),
    )
)


def key_words(path: str) -> str:
    """What a key says, under whose name: `vendor: price, a label` for `pools.vendor.pay.per_label`; of a key without
    words the path itself."""
    for pattern, what in _WHAT:
        if found := pattern.fullmatch(path):
            return f"{found[1]}: {what}"
    return path
