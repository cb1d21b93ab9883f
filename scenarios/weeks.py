"""Calendars, as a scenario file writes them."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from . import dates, names
from .parts import Part, key

NOBODY = " ".join(["0%"] * 24)


class Availability(Part):
    """By weekday, 24 shares of the people that are on shift, one for each local hour."""

    Mon: dates.HourShares = key("Monday.", NOBODY, "0% ... 100%")
    Tue: dates.HourShares = key("Tuesday.", NOBODY, "0% ... 100%")
    Wed: dates.HourShares = key("Wednesday.", NOBODY, "0% ... 100%")
    Thu: dates.HourShares = key("Thursday.", NOBODY, "0% ... 100%")
    Fri: dates.HourShares = key("Friday.", NOBODY, "0% ... 100%")
    Sat: dates.HourShares = key("Saturday.", NOBODY, "0% ... 100%")
    Sun: dates.HourShares = key("Sunday.", NOBODY, "0% ... 100%")


class WeekCalendar(Part):
    """When people are on shift, the same every week: `hours` on `days`, or `availability` by the hour."""

    alternatives = (("hours", "availability"), ("days", "availability"))

    days: dates.Days = key("Days of the week with these hours.", "Mon-Fri", "Mon-Fri")
    hours: dates.Hours | None = key(
        "Hours of the day, local time; breaks are what lies between.", None, '"09:00-13:00, 14:00-18:00"'
    )
    availability: Availability | None = key(
        "Share of the people on shift, by hour of the week.", None, '{Mon: "0% ... 100%"}'
    )
    timezone: names.Zone | None = key("Time zone of the hours; the scenario's if not said.", None, "Asia/Kolkata")

    @model_validator(mode="after")
    def _complete(self) -> Any:
        if self.hours is None and self.availability is None:
            raise ValueError('needs hours or availability, but got neither. Write `hours: "09:00-17:00"`.')
        return self
