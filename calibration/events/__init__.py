"""A log as an event log for process mining, XES or OCEL 2.0, and back: what comes back is the log, row for row.

Whatever the two standards have words for is told in them, so that other tools, and our own readers of such files, know
items, activities, people and times; the rest stands beside it in attributes named labelcast:..., from which the log is
made again.
"""

from .files import read_events, write_events

__all__ = ["read_events", "write_events"]
