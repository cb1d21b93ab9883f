"""Calendars and weekly shapes, as a scenario file writes them."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from . import dates, names
from .hours import DAYS, Days, HourShares, HourWeights, WeekHours
from .parts import Part, incomplete, key

NOBODY = "24 x 0%"
NONE = "24 x 0"
_SHARES = '"9 x 0%, 8 x 100%, 7 x 0%"'
_WEIGHTS = '"9 x 0, 3, 3, 2, 5 x 1, 7 x 0"'


class Availability(Part):
    """By weekday, 24 shares of the people that are on shift, one for each local hour; `8 x 0%` stands for eight."""

    Mon: HourShares = key("Monday.", NOBODY, _SHARES)
    Tue: HourShares = key("Tuesday.", NOBODY, _SHARES)
    Wed: HourShares = key("Wednesday.", NOBODY, _SHARES)
    Thu: HourShares = key("Thursday.", NOBODY, _SHARES)
    Fri: HourShares = key("Friday.", NOBODY, _SHARES)
    Sat: HourShares = key("Saturday.", NOBODY, _SHARES)
    Sun: HourShares = key("Sunday.", NOBODY, _SHARES)


class WeekShape(Part):
    """By weekday, 24 weights, one for each local hour, of which only ratios count; `8 x 0` stands for eight."""

    Mon: HourWeights = key("Monday.", NONE, _WEIGHTS)
    Tue: HourWeights = key("Tuesday.", NONE, _WEIGHTS)
    Wed: HourWeights = key("Wednesday.", NONE, _WEIGHTS)
    Thu: HourWeights = key("Thursday.", NONE, _WEIGHTS)
    Fri: HourWeights = key("Friday.", NONE, _WEIGHTS)
    Sat: HourWeights = key("Saturday.", NONE, _WEIGHTS)
    Sun: HourWeights = key("Sunday.", NONE, _WEIGHTS)

    @model_validator(mode="after")
    def _some(self) -> Any:
        if not any(max(getattr(self, day)) > 0 for day in DAYS):
            raise ValueError('needs a weight above 0, but has none. Write it like {Mon: "9 x 0, 8 x 1, 7 x 0"}.')
        return self

    @property
    def weights(self) -> tuple[float, ...]:
        """The 168 weights, Monday 00:00 first."""
        return tuple(weight for day in DAYS for weight in getattr(self, day))


class WeekCalendar(Part):
    """When people are on shift, the same every week: `hours` on `days`, or `availability` by the hour."""

    alternatives = (("hours", "availability"), ("days", "availability"))

    days: Days = key("Days of the week with these hours.", "Mon-Fri", "Mon-Fri")
    hours: WeekHours | None = key(
        'Hours of the day, local time; breaks are what lies between. By day: `{Mon-Thu: "09:00-17:00", Fri: ...}`.',
        None,
        '"09:00-13:00, 14:00-18:00"',
    )
    availability: Availability | None = key(
        "Share of the people on shift, by hour of the week.", None, '{Mon: "9 x 0%, 8 x 100%, 7 x 0%"}'
    )
    timezone: names.Zone | None = key("Time zone of the hours; the scenario's if not said.", None, "Asia/Kolkata")
    holidays: dates.Places | None = key(
        "Closed on the public holidays of a country, or of a part of one (`DE-BY`); a list for several.", None, "FR"
    )
    closed: dates.Dates | None = key(
        "Closed on these local dates, too; `a..b` is from a to b.", None, "[2027-05-14, 2027-12-24..2027-12-31]"
    )

    @model_validator(mode="after")
    def _complete(self) -> Any:
        if self.hours is None and self.availability is None:
            raise incomplete('needs hours or availability, but got neither. Write `hours: "09:00-17:00"`.')
        if self.hours is not None and self.hours[0][0] is not None and "days" in self.model_fields_set:
            raise ValueError("hours by day say their days, but `days` stands beside them. Take `days` out.")
        return self

    @property
    def intervals(self) -> tuple[tuple[int, int, int], ...]:
        """(weekday, start, end) in seconds after local midnight, sorted; none where availability is given."""
        return tuple(
            sorted(
                (day, start, end)
                for days, spans in self.hours or ()
                for day in (self.days if days is None else days)
                for start, end in spans
            )
        )
