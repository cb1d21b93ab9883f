"""Times as the platforms write them, as moments in UTC, or the reason why not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
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
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(:(?P<second>\d\d)([.,](?P<part>\d+))?)? ?(?P<zone>[A-Za-z]{1,5}|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
"""2017-10-02 16:39:18 UTC, and the forms of ISO 8601 near it."""

EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?P<part>\.\d+)?|(?P<ms>\d{12,13})", re.ASCII)
"""Seconds, or milliseconds, since 1970."""

QUICK = (
    (r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d$", "%m/%d/%Y %H:%M:%S"),
    (r"^[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?$", "ISO8601"),
)
"""Forms that are read all at once where a file has many stamps; what they cannot read is looked at one by one."""

ZONED = re.compile(r"(?:Z|:\d\d(?:\.\d+)?[+-]\d\d:?\d\d)$")
"""How a stamp of those forms ends that names its zone."""

FEW = 100
"""Of so few different stamps each is read by itself, which is quicker."""

EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")


def moments(
    text: pd.Series[str], timezone: str = "UTC", earliest: pd.Timestamp = EARLIEST
) -> tuple[pd.Series[pd.Timestamp], pd.Series[str]]:
    """(moments, reasons) of stamps such as 12/24/2012 13:41:45, Wed Oct 25 06:27:55 PDT 2017, 2017-10-02 16:39:18 UTC.

    Moments: naive, in UTC, to the millisecond; NaT where there is a reason: "none", or what is wrong with the stamp.
    A stamp that names no zone is of `timezone`: the second of two such hours, and the hour after one left out.
    earliest: what lies before it is no stamp of real work.
    """
    codes, unique = pd.factorize(text.fillna(""))
    stamps = np.array([str(one).strip() for one in unique], dtype=object)
    when = _at_once(stamps) if len(stamps) > FEW else np.full(len(stamps), np.datetime64("NaT"), "datetime64[ms]")
    why = np.full(len(stamps), None, dtype=object)
    bare = np.array([ZONED.search(one) is None for one in stamps], dtype=bool)
    for place in np.flatnonzero(np.isnat(when)).tolist():
        when[place], why[place], bare[place] = _read(stamps[place])
    bare &= ~np.isnat(when)
    if timezone != "UTC" and bare.any():
        local = pd.Series(when[bare]).dt.tz_localize(
            timezone, ambiguous=np.zeros(int(bare.sum()), bool), nonexistent="shift_forward"
        )
        when[bare] = local.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    fine = np.array([one is None for one in why], dtype=bool)
    why[fine & np.isnat(when)] = "is no date of the calendar"
    absurd = fine & ~np.isnat(when) & ((when < np.datetime64(earliest)) | (when > np.datetime64(LATEST)))
    why[absurd] = f"lies outside the years {earliest.year} to 2099"
    when[absurd] = np.datetime64("NaT")
    return pd.Series(when[codes], index=text.index), pd.Series(why[codes], index=text.index, dtype="str")


def no_zone(name: str) -> str | None:
    """Why stamps cannot be of the time zone of this name, None where they can."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"no time zone is named {name!r}. Write one such as Europe/Paris or UTC."
    return None


def _at_once(stamps: npt.NDArray[np.object_]) -> npt.NDArray[np.datetime64]:
    """Moments of stamps of a common form, NaT where they are of another."""
    text = pd.Series(stamps, dtype="str")
    when = np.full(len(stamps), np.datetime64("NaT"), "datetime64[ms]")
    for pattern, form in QUICK:
        here = text.str.match(pattern).fillna(False).to_numpy(bool) & np.isnat(when)
        if here.any():
            read = pd.to_datetime(text[here], format=form, errors="coerce", utc=True)
            when[here] = read.dt.tz_localize(None).to_numpy().astype("datetime64[ms]")
    return when


def _read(stamp: str) -> tuple[np.datetime64, str | None, bool]:
    """(moment, NaT where there is none; why there is none, as far as it is known; whether no zone is named)."""
    fields, reason = _fields(stamp)
    if fields is None:
        return np.datetime64("NaT"), reason, False
    year, month, date, hour, minute, second, ms, ahead = fields
    try:
        day = datetime(year, month, date, hour, minute, second)
    except ValueError:  # the caller's words stand for a day that is none
        return np.datetime64("NaT"), None, False
    moment = np.datetime64(day, "ms") + np.timedelta64(ms, "ms") - np.timedelta64(ahead or 0, "m")
    return moment, None, ahead is None


def _fields(stamp: str) -> tuple[tuple[int, int, int, int, int, int, int, int | None] | None, str | None]:
    """Year to millisecond and minutes ahead of UTC (None: no zone is named); None, and why, where unreadable."""
    if not stamp:
        return None, "none"
    if (match := EPOCH.fullmatch(stamp)) is not None:
        since = int(match["ms"]) if match["ms"] else int(match["seconds"]) * 1000 + _ms(match["part"])
        day = datetime(1970, 1, 1) + timedelta(milliseconds=since)
        return (day.year, day.month, day.day, day.hour, day.minute, day.second, since % 1000, 0), None
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
        ahead = None if part["zone"] is None else _ahead(part["zone"])
        if part["zone"] is not None and ahead is None:
            return None, f"has the unknown time zone name {part['zone'][:12]!r}"
        second = int(part["second"] or 0)
        if hour > 23 or int(part["minute"]) > 59 or second > 60:
            return None, "is no time of day"
        at = (int(part["year"]), month, int(part["day"]), hour, int(part["minute"]), min(second, 59))
        return (*at, _ms(part.get("part")), ahead), None
    return None, "cannot be read as a time"


def _ms(part: str | None) -> int:
    """Milliseconds of the digits after the point."""
    return int(f"{part.lstrip('.')[:3]:0<3}") if part else 0


def _ahead(zone: str) -> int | None:
    if match := re.fullmatch(r"(?:GMT|UTC)?([+-])(\d\d):?(\d\d)", zone, re.ASCII):
        minutes = int(match[2]) * 60 + int(match[3])
        if minutes > 14 * 60:  # no clock on Earth is further ahead
            return None
        return minutes if match[1] == "+" else -minutes
    return ZONES.get(zone.upper())
