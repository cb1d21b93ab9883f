"""Times as the platforms write them, as moments in UTC, or the reason why not."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "PST": -480, "PDT": -420, "MST": -420, "MDT": -360, "CST": -360, "CDT": -300,
    "EST": -300, "EDT": -240, "AKST": -540, "AKDT": -480, "HST": -600, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "WEST": 60, "BST": 60, "JST": 540,
}  # fmt: skip
"""Minutes ahead of UTC of the zone names that we trust. Names that mean several zones in real exports (IST) are left
out: their rows are refused rather than guessed. CST is read as North American, as MTurk writes it."""

MONTHS = {m: i + 1 for i, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}  # noqa: SIM905

AMERICAN = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}) (?P<hour>\d{1,2}):(?P<minute>\d\d)(:(?P<second>\d\d))?"
    r"( (?P<half>[AaPp][Mm]))?( (?P<zone>[A-Z]{1,5}))?",
    re.ASCII,
)
"""CrowdFlower: 12/24/2012 13:41:45; a spreadsheet that saved it again may have dropped the seconds."""

JAVA = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    r"(?P<zone>\S+) (?P<year>\d{4})",
    re.ASCII,
)
"""MTurk: Wed Oct 25 06:27:55 PDT 2017."""

ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d+)?)?"
    r" ?(?P<zone>[A-Za-z]{1,5}|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
"""2017-10-02 16:39:18 UTC, and the forms of ISO 8601 near it."""

EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")


def moments(text: pd.Series[str]) -> tuple[pd.Series[pd.Timestamp], pd.Series[str]]:
    """(moments, reasons) of stamps such as 12/24/2012 13:41:45, Wed Oct 25 06:27:55 PDT 2017, 2017-10-02 16:39:18 UTC.

    Moments: naive, in UTC, to the second; NaT where there is a reason: "none", or what is wrong with the stamp. A stamp
    that names no zone is read as UTC.
    """
    codes, unique = pd.factorize(text.fillna(""))
    fields, reasons = zip(*(_fields(str(one).strip()) for one in unique), strict=True) if len(unique) else ((), ())
    table = pd.DataFrame(list(fields), columns=["year", "month", "day", "hour", "minute", "second", "zone"])
    zone = table.pop("zone")
    when = pd.to_datetime(table, errors="coerce").astype("datetime64[ms]") - pd.to_timedelta(zone, unit="m")
    why = pd.Series(list(reasons), dtype="str")
    why = why.where(why.notna() | when.notna(), "is no date of the calendar")
    absurd = why.isna() & ~when.between(EARLIEST, LATEST)
    why = why.where(~absurd, "lies outside the years 2000 to 2099")
    when = when.where(why.isna())
    return (
        pd.Series(when.to_numpy()[codes], index=text.index),
        pd.Series(why.to_numpy()[codes], index=text.index, dtype="str"),
    )


def _fields(stamp: str) -> tuple[tuple[float, ...], str | None]:
    """Year to second and minutes ahead of UTC, with NaN and the reason where the stamp cannot be read."""
    nothing = (np.nan,) * 7
    if not stamp:
        return nothing, "none"
    for pattern in (AMERICAN, JAVA, ISO):
        match = pattern.fullmatch(stamp)
        if match is None:
            continue
        part = match.groupdict()
        month = MONTHS.get(part["month"]) if pattern is JAVA else int(part["month"])
        if month is None:
            break
        hour = int(part["hour"])
        half = (part.get("half") or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        ahead = _ahead(part["zone"])
        if ahead is None:
            return nothing, f"has the unknown time zone name {part['zone'][:12]!r}"
        second = int(part["second"] or 0)
        if hour > 23 or int(part["minute"]) > 59 or second > 60:
            return nothing, "is no time of day"
        return (int(part["year"]), month, int(part["day"]), hour, int(part["minute"]), min(second, 59), ahead), None
    return nothing, "cannot be read as a time"


def _ahead(zone: str | None) -> int | None:
    if zone is None:
        return 0
    if match := re.fullmatch(r"(?:GMT|UTC)?([+-])(\d\d):?(\d\d)", zone, re.ASCII):
        minutes = int(match[2]) * 60 + int(match[3])
        return minutes if match[1] == "+" else -minutes
    return ZONES.get(zone.upper())
