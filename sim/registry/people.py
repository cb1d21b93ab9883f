"""KPIs of people."""

from __future__ import annotations

from .kpi import TEAM_LEAD, Kpi

_HELD = ("tasks.pool", "tasks.worker", "tasks.started_at", "tasks.finished_at", "presence.from")
_THERE = ("presence.from",)

KPIS = (
    Kpi("utilisation.<pool>", "share", "none", TEAM_LEAD, "Busy time by on-shift time of the pool's people.", _HELD),
    Kpi(
        "idle_h.<pool>",
        "h",
        "none",
        TEAM_LEAD,
        "On-shift time without a task, of all people of the pool together.",
        _HELD,
    ),
    Kpi(
        "busy_h.<pool>", "h", "none", TEAM_LEAD, "On-shift time with a task, of all people of the pool together.", _HELD
    ),
    Kpi("training_h.<pool>", "h", "none", TEAM_LEAD, "Time in training, of all people of the pool together.", _THERE),
    Kpi("absent_h.<pool>", "h", "none", TEAM_LEAD, "Paid absence of all people of the pool together.", _THERE),
    Kpi(
        "paid_h.<pool>",
        "h",
        "none",
        TEAM_LEAD,
        "Hours that an hourly contract pays: busy, idle, training and paid absence.",
        _THERE,
    ),
    Kpi(
        "off_h.<pool>",
        "h",
        "none",
        TEAM_LEAD,
        "Headcount times length of the run, less paid hours: with turnover, everybody ever there counts for the whole "
        "run; withheld for people who come in sessions.",
        _THERE,
    ),
    Kpi(
        "hires.<pool>",
        "people",
        "none",
        TEAM_LEAD,
        "People hired: who came more than a week after the start, in a leaver's place or as headcount grew; withheld "
        "for people who come in sessions.",
        _THERE,
    ),
    Kpi(
        "leavers.<pool>",
        "people",
        "low",
        TEAM_LEAD,
        "People who left: who were there for the last time more than a week before the end, of their own accord or as "
        "headcount shrank; withheld for people who come in sessions.",
        _THERE,
    ),
    Kpi(
        "over_cap_h.<pool>",
        "h",
        "low",
        TEAM_LEAD,
        "Busy hours above the pool's `utilisation_cap`: of each person and week of the run what exceeds this share of "
        "the time on shift; withheld where no cap is stated.",
        _HELD,
    ),
    Kpi(
        "over_cap_weeks.<pool>",
        "weeks",
        "low",
        TEAM_LEAD,
        "Weeks of persons in which they were busy above the pool's `utilisation_cap`; withheld where none is stated.",
        _HELD,
    ),
    Kpi(
        "people_seen.<pool>",
        "people",
        "none",
        TEAM_LEAD,
        "People of the pool who finished a task with a result.",
        ("tasks.pool", "tasks.worker", "tasks.finished_at"),
    ),
    Kpi(
        "top_tenth_share.<pool>",
        "share",
        "none",
        TEAM_LEAD,
        "Share of the pool's finished tasks by the tenth of its people who finished most.",
        ("tasks.pool", "tasks.worker", "tasks.finished_at"),
    ),
    Kpi(
        "ramp_weeks.<pool>",
        "weeks",
        "low",
        TEAM_LEAD,
        "Weeks of a person's work until labels take on average no longer than in the last four weeks by 90%; withheld "
        "for less than eight weeks of work.",
        ("tasks.pool", "tasks.worker", "tasks.started_at", "tasks.active_ms"),
    ),
)
