"""The team lead's page: what holds the line up, what one more person would give, where work waits, who is idle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...scenarios.bottleneck import RANKED, Effects
from ...sim.replicate import Runs
from .. import bottleneck, cells, floor, numbers, panels, words
from ..cells import Cell, Group, Row, Table
from ..foot import level
from ..reading import Reading, read
from .sheet import Drawn, Section, Sheet, Shown, listing

AGES = ("wip_age_h", "wip_age_h_p95", "cycle_time_h")


def lead_page(runs: Runs, found: Effects, cautions: Sequence[str] = ()) -> Sheet:
    """The page of a line. runs: of it as it is.  found: what one more of everything would change.
    cautions: what a reader must be warned of besides."""
    (reading,) = read([runs])
    told = list(bottleneck.verdict(found))
    return Sheet(
        "The line for its lead",
        [reading.name],
        told[:1],
        [reading],
        Drawn("levers", lambda width: bottleneck.draw_levers(found, width), _lever_words(found),
              "What each change would add to the items delivered a week, the whole run long."),
        told[1:],
        [*cautions, *words.cautions([reading])],
        [*_sections(reading, found)],
    )  # fmt: skip


def _lever_words(found: Effects) -> str:
    told = []
    for k in found.order:
        if claim := found.claim(k, RANKED):
            size = numbers.difference(claim.difference.mean, claim.low, claim.high, "items a week")
            told.append(f"{bottleneck.lever_words(found.levers[k])} {size}")
    return f"Items delivered a week more: {'; '.join(told) or 'nothing can be told'}."


def _sections(reading: Reading, found: Effects) -> Iterator[Section]:
    held = Shown("Held up", "Which stage held the line up, of the hours in which tasks waited.", "stage",
                 listing(bottleneck.held_rows(found)))  # fmt: skip
    caption = "Each change by itself; in brackets where no difference could be seen."
    effects = Shown("Changes", caption, "change", listing(bottleneck.effect_rows(found)))
    yield Section("What each change would give", tables=[effects, held], notes=[*bottleneck.notes(found, mapped=False)])
    yield _waits(reading)
    at = level(reading)
    told = f"Utilisation is busy time as a share of time on shift; mean ± half-width of its {at} interval."
    told += " Bar: busy full, idle hatched."
    pools = Shown("Utilisation by pool", told, "pool", floor.pools([reading]), bars="on shift")
    yield Section("Who is busy, who is idle", tables=[pools])
    findings = floor.findings([reading])
    if findings.groups:
        told = f"What the stages took, judged and lost; mean ± half-width of its {at} interval."
        yield Section("What comes back", tables=[Shown("Findings by stage", told, "stage", findings)])


def _waits(reading: Reading) -> Section:
    queues = Drawn(
        "queues",
        lambda width: panels.draw_queues([reading], width),
        words.queue_words([reading]),
        "Tasks waiting, by stage. Line: median over replications; dark band: P20 to P80; light band: P5 to P95.",
    )
    parts = "; ".join(f"{part.replace('_', ' ')}: {words.WAITS[part]}" for part in floor.wait_parts([reading]))
    caption = (
        f"Hours that a task waits, by reason; of the whole the half-width of its {level(reading)} interval. {parts}. "
        "The parts add up to the wait."
    )
    waits = Shown("Waits by stage", caption, "stage", floor.waits([reading]), bars="parts")
    return Section("Where work waits, and for what", pictures=[queues], tables=[waits, _ages(reading)])


def _ages(reading: Reading) -> Shown:
    """How old the work in progress is, and how long an item takes."""
    rows = []
    for kpi in (kpi for kpi in AGES if kpi in reading.kpis):
        risks = cells.percentiles(reading, kpi)
        rows.append(Row(words.title(kpi), (Cell(words.bare(words.mean(reading, kpi), "h")), *risks[1:])))
    told = "Hours: mean ± error, and how it may turn out over runs."
    return Shown("Age of work", told, "", Table(("mean", "P50", "P80", "P95"), (Group("", tuple(rows)),)))
