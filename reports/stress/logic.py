"""Objectives and logic: what is asked of the model, how work flows through it, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ...scenarios.saved import Saved
from ...sim.line import DELIVER, MACHINE, Line, targets
from ...sim.registry import kpi_of, unit_of
from ...sim.replicate import made_of, summaries
from .. import numbers, words
from ..assumptions import assumptions, goal_words
from ..assumptions.phrases import whole
from ..assumptions.stages import KINDS
from ..reading import Reading, read
from .item import NOT_APPLICABLE, Block, Code, sentences, table

LABELS = {"annotate", "adjudicate", "prelabel", "review", "inspect"}
"""Kinds of stages whose people, or models, are right or wrong."""


def purpose(saved: Saved) -> list[Block]:
    """1.1"""
    line = saved.line
    told = (
        f"To forecast the data-annotation line `{line.name}` before, or while, it is run: when its work is done, what"
    )
    goals = [f"{words.TITLES.get(goal.kpi, goal.kpi)} {goal_words(line, goal)}" for goal in line.goals]
    aims = f"What is wanted of it: {'; '.join(goals)}." if goals else "The scenario states no goal."
    more = "For whom, and for which decision, is not in the scenario: say it here."
    return [sentences(f"{told} it costs, how good its labels are, where work waits, and how sure that is.", aims, more)]


def outputs(saved: Saved) -> list[Block]:
    """1.2"""
    line, known = saved.line, summaries(saved.runs)
    (reading,) = read([saved.runs])
    kinds = dict.fromkeys(kpi_of(name).name for name in known)
    rows = [
        (
            kind,
            unit_of(kind, line.currency) or "-",
            kpi_of(kind).sentence,
            _told(reading, kind),
        )
        for kind in kinds
    ]
    told = f"{len(known)} outputs of {len(rows)} kinds; where a kind has one, the last column is this run's."
    return [told, *table(("output", "unit", "meaning", "mean ± error"), rows)]


def _told(reading: Reading, kind: str) -> str:
    """A chance with its interval, a mean with its error; nothing for a kind that has several."""
    summary = reading.kpi(kind)
    if summary is None:
        return ""
    return words.chance(summary) if made_of(kind) is not None else words.mean(reading, kind)


def aims(saved: Saved) -> list[Block]:
    """1.3"""
    many, line = saved.manifest.replications, saved.line
    one = f"One scenario, {numbers.plain(many)} replications: its outputs with their error, and their risk over runs"
    chances = words.goal_sentences(read([saved.runs])[0])
    found = [f"Chances of goals: {'; '.join(chances)}."] if chances else []
    windows = [f"Training windows: {', '.join(window.name for window in line.windows)}."] if line.windows else []
    other = "This run holds no comparison of scenarios and no sensitivity analysis."
    return [sentences(f"{one}.", *found, *windows, other)]


def diagram(saved: Saved) -> list[Block]:
    """2.1"""
    line = saved.line
    names = {stage.name: f"s{place}" for place, stage in enumerate(line.stages)} | {DELIVER: "deliver"}
    drawn = ["flowchart LR", '  come(["items come"])', '  deliver(["delivered"])']
    for stage in line.stages:
        who = ", ".join(pool for pool, _ in stage.pools) or "machine"
        drawn.append(f'  {names[stage.name]}["{_drawn(stage.name)}: {stage.kind}<br/>{_drawn(who)}"]')
    drawn.append(f"  come --> {names[line.first]}")
    for stage in line.stages:
        for outcome, target in stage.next.items():
            for to, chance in targets(target):
                share = f" {numbers.number(chance, numbers.SHARE)}" if chance < 1 else ""
                drawn.append(f"  {names[stage.name]} -->|{outcome}{share}| {names[to]}")
    return [
        "Stages, who works at them, and where each outcome leads, as a Mermaid flowchart.",
        Code("mermaid", "\n".join(drawn)),
    ]


def base_logic(saved: Saved) -> list[Block]:
    """2.2"""
    told = sentences(
        "Items come as backlog, in releases, or at random, and go from stage to stage by the outcome of each.",
        "A task is done by a worker of a pool that the stage names, while on shift; a machine takes batches.",
        "A pool's free worker takes the task with the lowest priority number, rework before new work, then by the",
        "pool's discipline. A run ends with the last delivery, or at the horizon. docs/semantics.md says all of it.",
    )
    return [told, *_values(saved.line, "stages")]


def scenario_logic(saved: Saved) -> list[Block]:
    """2.3"""
    changes, others = _values(saved.line, "changes"), saved.read_from[0]
    if not changes and not others:
        return [f"{NOT_APPLICABLE}this is the base model alone: it extends no other scenario, and nothing changes."]
    extends = f"`{Path(saved.manifest.scenario).name}` extends {_listed(f'`{one.name}`' for one in others)}"
    told = [f"{extends}: what it writes itself wins. All of them are in the run's folder."] if others else []
    then: list[Block] = ["What changes while the line runs:", *changes] if changes else ["Nothing changes meanwhile."]
    return [*told, *then]


def algorithms(saved: Saved) -> list[Block]:
    """2.4"""
    line = saved.line
    found = list(dict.fromkeys(_rules(line)))
    return ["The rules in use besides the flow:", *table(("where", "rule"), found)]


RULES = (
    *(
        "route",
        "labels_per_item",
        "on_reject",
        "lot",
        "batch",
        "gold",
        "self_check",
        "skip",
        "questions",
        "escalation",
        "rotation",
        "discipline",
    ),
    *("weights", "pick", "preempts", "learning", "fatigue", "drift", "sessions"),
)
"""Keys of stages and pools that say how, and not how much or who."""


def _rules(line: Line) -> Iterator[tuple[str, str]]:
    for one in assumptions(line):
        steps = one.path.split(".")
        if one.section in ("stages", "pools") and len(steps) > 2 and steps[2] in RULES:
            yield one.path, one.value
    for pool in line.pools:
        if pool.discipline == "first":
            yield f"pools.{pool.name}.discipline", "first come, first served"
    if any(stage.kind in LABELS for stage in line.stages):
        rule = (
            "right with a chance whose logit is the worker's skill, with effects of class and segment, less difficulty"
        )
        yield "labels and verdicts", f"a label is {rule}; a judge's rates move on the same scale"
    yield "service times", "drawn by quantile functions from the item's, the stage's and the worker's own numbers"
    yield "events", "next-event time advance in whole milliseconds; ties by kind of event, then by number"


def components(saved: Saved) -> list[Block]:
    """2.5"""
    line = saved.line
    stages = [stage.name for stage in line.stages]
    works = {pool.name: [s.name for s in line.stages if pool.name in dict(s.pools)] for pool in line.pools}
    rows = [
        (
            "entities (2.5.1)",
            f"items of {whole(len(line.segments), 'segment')}: {_listed(s.name for s in line.segments)}; their tasks",
        ),
        ("activities (2.5.2)", "; ".join(f"{s.name} ({KINDS[s.kind]})" for s in line.stages)),
        (
            "resources (2.5.3)",
            "; ".join(f"{p.name} ({_people(line, p.name)}) at {_listed(works[p.name])}" for p in line.pools),
        ),
        ("machines (2.5.3)", _listed(s.name for s in line.stages if s.kind in MACHINE) or "none"),
        ("queues (2.5.4)", f"one before each of {_listed(stages)}, by pool, in the order of the pool's discipline"),
        ("entry (2.5.5)", f"at {line.first}: {_entry(saved.line)}"),
        ("exit (2.5.5)", "delivered; dropped as unsampled or as a duplicate; open at the horizon"),
    ]
    return [*table(("component", "in this model"), rows)]


def _people(line: Line, name: str) -> str:
    pool = next(one for one in line.pools if one.name == name)
    return f"{pool.headcount} people" if pool.sessions is None else "people who come in sessions"


def _entry(line: Line) -> str:
    found = []
    for segment in line.segments:
        if segment.backlog:
            found.append(f"{segment.name} has {numbers.plain(segment.backlog)} items at the start")
        if segment.releases:
            found.append(f"{segment.name} is released at {len(segment.releases)} moments")
        if segment.arrivals:
            found.append(f"{segment.name} arrives at random")
    return "; ".join(found) or "what is in the line at the start"


def _values(line: Line, section: str) -> list[Block]:
    rows = [(one.path, one.value) for one in assumptions(line) if one.section == section]
    return table(("path", "value"), rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _drawn(name: str) -> str:
    """A name inside of quotation marks in a diagram."""
    return "".join(c if c.isalnum() or c in " _-.," else f"#{ord(c)};" for c in name)
