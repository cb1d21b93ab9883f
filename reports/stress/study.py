"""Data, experimentation, implementation and access: what the numbers rest on, and how to get them again."""

from __future__ import annotations

from ...scenarios.saved import Saved
from ...scenarios.shelf import Told, told
from ...sim.stopping import Precision
from .. import numbers
from ..assumptions import assumptions
from .item import NOT_APPLICABLE, Block, sentences, table

SAID = {"stated": "stated", "fitted": "fitted", "default": "assumed"}


def data_sources(saved: Saved) -> list[Block]:
    """3.1"""
    profile, found = _profile(saved), []
    if profile is None:
        found.append("No log was fitted: all values are those of the scenario, or assumed.")
    elif profile.stand_in:
        found.append(f"The profile `{profile.name}` holds typical values, which were fitted to nobody's data.")
    else:
        first, last = profile.first or "an unknown date", profile.last or "an unknown date"
        counts = ((profile.labels, "rows"), (profile.items, "items"), (profile.workers, "workers"))
        rests = ", ".join(f"{numbers.plain(n)} {what}" for n, what in counts if n is not None)
        of = f" of {profile.source}" if profile.source else ""
        found.append(f"The profile `{profile.name}` was fitted to a log{of} from {first} to {last}: {rests}.")
        found.append(saved.line.backtest)
    rows = [(name, digest) for name, digest in saved.manifest.files.items()]
    return [sentences(*found), *table(("file in files/", "SHA-256"), rows)]


def parameters(saved: Saved) -> list[Block]:
    """3.2"""
    rows = [(one.path, one.value, SAID[one.origin]) for one in assumptions(saved.line)]
    more = "line.json in the run's folder has each of them in seconds, shares and logits, every default written out."
    return [f"{len(rows)} values. {more}", *table(("path", "value", "said"), rows)]


def preprocessing(saved: Saved) -> list[Block]:
    """3.3"""
    profile = _profile(saved)
    if profile is None or profile.stand_in:
        return [f"{NOT_APPLICABLE}no data were processed, since no value of the scenario was fitted to a log."]
    steps = "wrong clocks, pages, doubled and active times, hoarding, pages opened again, idle pages, bots"
    cleaned = f"`labelcast calibrate` cleaned the log in counted steps ({steps}) before it fitted."
    return [
        sentences(cleaned, f"{len(profile.fitted)} numbers came of it; what was set apart is counted in the profile.")
    ]


def assumed(saved: Saved) -> list[Block]:
    """3.4"""
    rows = [(one.path, one.value) for one in assumptions(saved.line) if one.origin == "default"]
    always = sentences(
        "Of any line: people, items and days differ only as the parameters say; what is not in the scenario does not",
        "happen; parameters are taken as known in this run.",
    )
    if not rows:
        return [sentences(always, "No value of this line is a default: each is stated or fitted.")]
    return [sentences(always, f"{len(rows)} values are neither stated nor fitted:"), *table(("path", "value"), rows)]


def initialisation(saved: Saved) -> list[Block]:
    """4.1"""
    line = saved.line
    backlog = sum(segment.backlog for segment in line.segments)
    if line.initial:
        begin = f"The line begins with {numbers.plain(len(line.initial))} tasks waiting or in progress."
    else:
        begin = "The line begins empty and idle"
        begin += f", with a backlog of {numbers.plain(backlog)} items before it." if backlog else "."
    start = f"Time zero is {line.start:%Y-%m-%d %H:%M} ({line.timezone})."
    warm = "There is no warm-up: a run is a terminating one, and what happens from its first moment on counts."
    return [sentences(begin, start, warm)]


def run_length(saved: Saved) -> list[Block]:
    """4.2"""
    runs, line = saved.runs, saved.line
    finish = runs.kpis["finish_days"].replace([float("inf")], float("nan"))
    unfinished = len(finish) - int(finish.notna().sum())
    horizon = numbers.duration(line.horizon_s)
    limit = f"A replication ends with its last delivery, at the latest at the horizon of {horizon}."
    if unfinished == len(finish):
        return [sentences(limit, "No replication of this run delivered everything before it.")]
    ends = (
        f"The last delivery came after {numbers.significant(finish.min())} to {numbers.significant(finish.max())} days"
    )
    return [sentences(limit, f"{ends}; {unfinished} of {len(finish)} replications had work left at the horizon.")]


def estimation(saved: Saved) -> list[Block]:
    """4.3"""
    asked, many = saved.manifest.asked, numbers.plain(saved.manifest.replications)
    level = numbers.significant(100 * asked.level)
    made = f"{many} independent replications"
    if isinstance(asked.replications, Precision):
        share = numbers.significant(100 * asked.replications.relative)
        made += (
            f", as many as it took, or at most {asked.replications.most:,}, to know cost, finish and goals to {share}%"
        )
    error = f"Means have {level}% t intervals, chances {level}% Wilson intervals (error)"
    risk = "percentiles P5, P50, P80 and P95 are over replications (risk)"
    return [
        sentences(f"{made}.", f"{error}; {risk}.", "A KPI that a replication cannot give is withheld, not averaged.")
    ]


def software(saved: Saved) -> list[Block]:
    """5.1"""
    rows = [(name, number) for name, number in saved.manifest.versions.items() if name != "machine"]
    return [f"labelcast, in Python; engine `{saved.manifest.asked.engine}`.", *table(("software", "version"), rows)]


def sampling(saved: Saved) -> list[Block]:
    """5.2"""
    told = sentences(
        "Philox4x32-10, a counter-based generator (Salmon et al., SC 2011): each number is a function of the seed,",
        "the replication, what it is for, the item or the worker, stage, round and replica. So no stream runs into",
        "another, and scenarios of one seed have common random numbers. Distributions are drawn by their quantile",
        "functions.",
    )
    last = numbers.plain(saved.manifest.replications - 1)
    return [told, f"Seed {saved.manifest.asked.seed}, replications 0 to {last}."]


def execution(saved: Saved) -> list[Block]:
    """5.3"""
    told = sentences(
        "Discrete events with next-event time advance in whole milliseconds. Events of one moment have a fixed order:",
        "completions, machines, changes, calendar, releases, hand-offs, timers, each by number; then one dispatch.",
        "Two engines, one in SimPy and one compiled, give the same rows. Replications may run in several processes,",
        "which changes no number.",
    )
    again = f"`labelcast rerun {saved.name}` runs this one again and compares every byte."
    command = saved.when.get("command")
    return [told, sentences(again, f"It was run by `{command}`." if command else "")]


def system(saved: Saved) -> list[Block]:
    """5.4"""
    versions = saved.manifest.versions
    machine = f"Machine {versions.get('machine', 'unknown')}, Python {versions.get('python', 'unknown')}."
    when = f"Run at {saved.when['created_at']}." if "created_at" in saved.when else ""
    return [
        sentences(
            machine, when, "How long it ran is not recorded: no result hangs on it. No special hardware is needed."
        )
    ]


def access(saved: Saved) -> list[Block]:
    """6.1"""
    told = sentences(
        "The model is the scenario: the run's folder has it with all it is read from (files/), its machine form",
        "(line.json), what each replication gave (replications.zip), the results (results.json) and the manifest.",
        "labelcast is under the MIT licence. Say here where the folder can be had.",
    )
    rows = [(name, digest) for name, digest in saved.manifest.outputs.items()]
    return [told, f"Run {saved.manifest.id}, line {saved.manifest.digest}.", *table(("file", "SHA-256"), rows)]


def _profile(saved: Saved) -> Told | None:
    """What the profile under the line tells, None without one."""
    path = saved.read_from[1]
    return None if path is None else told(path)
