"""Hand-worked contracts as they stand in tests/cases/contracts, and what the ledger makes of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from books import Presence, Task, book_log, clock, with_refusals
from ruamel.yaml import YAML

from labelcast.scenarios.load import load
from labelcast.sim.ledger import Terms, decimal_amount, ledger
from labelcast.sim.log import Log

CASES = Path(__file__).parent / "cases" / "contracts"

MOMENT = r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)"
FINISHES = re.compile(rf"(team|vendor) finishes (\d+) labels on {MOMENT}(?: as (rework|review))?(?: in lot (\d+))?")
REFUSED = re.compile(rf"lot (\d+) is refused on {MOMENT}")
SPENDS = re.compile(rf"(team|vendor) (\d+) (.+?) from {MOMENT} to {MOMENT}")
INVOICE = re.compile(r"(\d{4}-\d\d) (\w+) (team|vendor|-) (-?[\d_.]+) ([A-Z]{3})(?: = (-?[\d_.]+) ([A-Z]{3}))?")

PRESENT = {
    "works": "working",
    "works overtime": "overtime",
    "visits": "session",
    "trains": "training",
    "is absent with pay": "absent_paid",
    "is absent": "absent_unpaid",
}
BUSY = {"annotates": ("annotate", 0), "reworks": ("annotate", 1), "reviews": ("review", 0)}
MADE = {"": ("annotate", 0), "rework": ("annotate", 1), "review": ("review", 0)}
"""Stage and round of what people are busy with, and of labels."""

Invoice = tuple[str, str, str, str]
"""Month, activity, pool and currency."""


@dataclass(frozen=True)
class Case:
    """A contract in a scenario's words, a book of work, and the invoices that an accountant makes of it."""

    name: str
    about: str
    scenario: dict[str, Any]
    ends: str
    work: list[str]
    invoices: list[str]

    @property
    def currency(self) -> str:
        """The scenario's."""
        return str(self.scenario["currency"])

    @property
    def origin(self) -> str:
        """Its start, with the offset of its zone."""
        start = datetime.fromisoformat(self.scenario["start"])
        return start.replace(tzinfo=ZoneInfo(self.scenario["timezone"])).isoformat()


def cases() -> list[str]:
    """Names of all cases."""
    return sorted(path.stem for path in CASES.glob("*.yaml"))


def case(name: str) -> Case:
    """A case; what it does not say of a scenario is the plainest there is."""
    told = YAML(typ="base").load(CASES / f"{name}.yaml")
    pay = told.pop("pay")
    about, ends, work, invoices = (told.pop(key) for key in ("about", "ends", "work", "invoices"))
    work_of = {"backlog": "100 items"} | ({"granularity": told.pop("granularity")} if "granularity" in told else {})
    pools = {pool: {"headcount": "9", "calendar": "always"} for pool in ("team", "vendor")}
    for pool, contract in pay.items():
        pools[pool]["pay"] = contract
    scenario: dict[str, Any] = {
        "labelcast": "1",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "work": {"street": work_of},
        "pools": pools,
        "stages": {"annotate": {"pools": {"team": "50%", "vendor": "50%"}, "time": "42 s"}},
    }
    if "lots" in json.dumps([pay, told.get("contracts")]):
        lot = {"size": "10 items", "sample": "2 items"}
        scenario["stages"] |= {"inspect": {"pools": ["team"], "time": "1 s", "lot": lot}}
    days = (datetime.fromisoformat(ends) - datetime.fromisoformat(told["start"])).days
    return Case(name, about, scenario | {"horizon": f"{days + 1} days"} | told, ends, work or [], invoices or [])


def terms(one: Case, folder: Path) -> Terms:
    """What the scenario reader makes of a case's contract."""
    path = folder / f"{one.name}.yaml"
    path.write_text(json.dumps(one.scenario), encoding="utf-8")
    return Terms.of(load(path))


def log(one: Case) -> Log:
    """The book of a case: an item for each lot, and item 0 for what is in none. Labels by themselves take no time; what
    somebody is busy with is a label too."""
    at = clock(one.origin, one.scenario["timezone"])
    tasks: list[Task] = []
    presence: list[Presence] = []
    refused: dict[int, int] = {}
    for line in one.work:
        if found := FINISHES.fullmatch(line):
            tasks += _labels(found, at)
        elif found := REFUSED.fullmatch(line):
            refused[int(found[1])] = at(found[2])
        elif found := SPENDS.fullmatch(line):
            pool, who, does, begin, end = found.groups()
            if does in BUSY:
                tasks.append((0, *BUSY[does], pool, int(who), at(begin), at(end)))
            else:
                presence.append((pool, int(who), at(begin), at(end), PRESENT[does]))
        else:
            raise AssertionError(f"{one.name}: nobody reads {line!r}")
    tasks.sort(key=lambda task: task[0])
    segments = ["street"] * (1 + max((*refused, *(task[0] for task in tasks)), default=0))
    book = book_log(segments, tasks, presence, at(one.ends), one.origin, one.scenario["timezone"])
    return with_refusals(book, refused)


def _labels(found: re.Match[str], at: Callable[[str], int]) -> list[Task]:
    pool, many, when, kind, lot = found.groups()
    return [(int(lot or 0), *MADE[kind or ""], pool, None, at(when), at(when))] * int(many)


def expected(one: Case) -> dict[Invoice, tuple[Decimal, Decimal]]:
    """What each invoice of a case comes to, in its own currency and in the scenario's."""
    found: dict[Invoice, tuple[Decimal, Decimal]] = {}
    for line in one.invoices:
        read = INVOICE.fullmatch(line)
        assert read is not None, f"{one.name}: nobody reads {line!r}"
        month, activity, pool, there, currency, here, home = read.groups()
        key = month, activity, pool.replace("-", ""), currency
        assert key not in found, f"{one.name}: {line!r} stands twice"
        assert (currency == one.currency) == (here is None), f"{one.name}: {line!r} is to be told in both currencies"
        assert home in (None, one.currency)
        found[key] = Decimal(there.replace("_", "")), Decimal((here or there).replace("_", ""))
    return found


def billed(one: Case, folder: Path) -> dict[Invoice, tuple[Decimal, Decimal]]:
    """What the ledger bills, likewise; invoices of nothing are left out."""
    table = ledger(log(one), terms(one, folder), one.currency)
    there, here = Counter[Invoice](), Counter[Invoice]()
    columns = (table[name].tolist() for name in ("month", "activity", "pool", "currency", "billed", "amount"))
    for *key, of_invoice, amount in zip(*columns, strict=True):
        month, activity, pool, currency = key
        there[month, activity, pool, currency] += of_invoice
        here[month, activity, pool, currency] += amount
    return {key: (decimal_amount(there[key]), decimal_amount(here[key])) for key in there if there[key] or here[key]}
