"""What a calibration refuses before it fits: names that cannot be, files without a row of use."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ..sim.errors import DataRefused, ScenarioRefused
from .cleaning import Cleaned
from .readers.recognise import Export
from .readers.stamps import no_zone
from .record import Names


def checked(names: Names) -> Names:
    """`names`. Raises ScenarioRefused where one cannot be a name, or the time zone is none."""
    problems = []
    for what, name in (("pool", names.pool), ("segment", names.segment), ("stage", names.stage)):
        if not name or any(sign.isspace() or sign in ".:,{}[]#&*!|>'\"%@`" for sign in name):
            problems.append(f"--{what}: {name!r} cannot be a name: write letters, digits and hyphens.")
    if why := no_zone(names.timezone):
        problems.append(f"--timezone: {why}")
    if problems:
        raise ScenarioRefused(problems)
    return names


def usable(export: Export, cleaned: Cleaned, others: Collection[pd.DataFrame]) -> None:
    """Raises DataRefused when a file has no row of use, or all of them too little.

    others: judgements of other steps than the one that `cleaned` is of; a file may hold these only.
    """
    problems = []
    used = set(pd.concat([cleaned.judgements["source"], *(one["source"] for one in others)]))
    for number, source in enumerate(export.sources):
        duplicate = any("duplicate" in one.reason for one in export.refusals.of(number))
        if number not in used and not duplicate:
            why = "; ".join(f"{one.rows} x {one.reason} (first: {one.first})" for one in export.refusals.of(number))
            problems.append(f"{source.name}: none of its {source.rows} rows can be used: {why}.")
    if not problems and not cleaned.judgements["counts"].any():
        found = cleaned.set_apart.summary()
        problems.append(
            f"{found[0].first}: no judgement is left that counts: "
            + "; ".join(f"{one.rows} x {one.reason}" for one in found)
            + "."
        )
    if not problems and not cleaned.pages["timed"].any():
        found = cleaned.set_apart.summary()
        problems.append(f"{found[0].first}: no page has a usable service time: {found[0].reason}.")
    if problems:
        raise DataRefused(problems)
