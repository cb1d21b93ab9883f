"""KPIs of people."""

from __future__ import annotations

from .kpi import Kpi

_HELD = ("tasks.pool", "tasks.worker", "tasks.started_at", "tasks.finished_at", "presence.from")
_THERE = ("presence.from",)

KPIS = (
    Kpi("utilisation.<pool>", "share", "none", "Busy time by on-shift time of the pool's people.", _HELD),
    Kpi("idle_h.<pool>", "h", "none", "On-shift time without a task, of all people of the pool together.", _HELD),
    Kpi("busy_h.<pool>", "h", "none", "On-shift time with a task, of all people of the pool together.", _HELD),
    Kpi("training_h.<pool>", "h", "none", "Time in training, of all people of the pool together.", _THERE),
    Kpi("absent_h.<pool>", "h", "none", "Paid absence of all people of the pool together.", _THERE),
    Kpi(
        "paid_h.<pool>",
        "h",
        "none",
        "Hours that an hourly contract pays: busy, idle, training and paid absence.",
        _THERE,
    ),
    Kpi(
        "off_h.<pool>",
        "h",
        "none",
        "Headcount times length of the run, less paid hours: with turnover, everybody ever there counts for the whole "
        "run; withheld for people who come in sessions.",
        _THERE,
    ),
    Kpi(
        "people_seen.<pool>",
        "people",
        "none",
        "People of the pool who finished a task with a result.",
        ("tasks.pool", "tasks.worker", "tasks.finished_at"),
    ),
    Kpi(
        "top_tenth_share.<pool>",
        "share",
        "none",
        "Share of the pool's finished tasks by the tenth of its people who finished most.",
        ("tasks.pool", "tasks.worker", "tasks.finished_at"),
    ),
    Kpi(
        "ramp_weeks.<pool>",
        "weeks",
        "low",
        "Weeks of a person's work until labels take on average no longer than in the last four weeks by 90%; withheld "
        "for less than eight weeks of work.",
        ("tasks.pool", "tasks.worker", "tasks.started_at", "tasks.active_ms"),
    ),
)
