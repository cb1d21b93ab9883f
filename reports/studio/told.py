"""What the studio says, as HTML in which everything that users wrote is escaped: answers, comparisons, refusals."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping, Sequence
from html import escape

from ...scenarios.chances import Together, together
from ...scenarios.compare import Comparison
from ...sim.replicate import GOAL_KPIS
from ...sim.statistics import Summary
from .. import numbers, words
from ..assumptions import goal_words
from ..reading import Reading, read
from .plan import Base
from .quick import ENOUGH, KPIS, Answer
from .seeking import BUDGET, Seeking, head, rows

Row = Sequence[str]

_MARKS = re.compile(r"[\\`*\[\]<>#|~$&!]|(?<!\w)_|_(?!\w)|:(?=\w)")


def label(text: str) -> str:
    """A text for a label of the page's framework, which would read Markdown, colours and pictures in it. Names have
    letters, digits, - and _, of which only a _ at the end of a word means anything."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def answer_html(answer: Answer, moves: Mapping[str, float] | None = None) -> str:
    """Cost, finish, accuracy and bottleneck: each with its error and its risk, and the chance of its goal. moves: of
    the levers, which the page is told in an attribute."""
    (reading,) = read([answer.runs])
    wanted = [kpi for kpi in GOAL_KPIS if kpi not in KPIS and reading.goal(kpi) is not None]
    rows = [_row(reading, kpi) for kpi in (*KPIS, *wanted) if kpi in reading.kpis]
    every = together(answer.runs)
    if len(every.goals) > 1:
        rows.append(("all goals at once", "", "", _likely(every) or numbers.NOT_COMPUTED))
    rows.append(_bottleneck(answer))
    level = f"{numbers.significant(100 * answer.runs.level)}%"
    count = answer.replications
    moved = " ".join(f"{name}={value:g}" for name, value in (moves or {}).items())
    more = "" if answer.done else f"; more are on their way, up to {ENOUGH}"
    note = f"{count} replications{more}. Error: {level} interval of the mean. Risk: from P5 to P95 over replications. "
    note += "Bottleneck: the stage that held the line up, by its share of the hours in which anything waited. Picture: "
    note += "items of the first replication, queues and who is busy on average."
    cautions = [] if answer.replications < 2 else words.cautions([reading])
    return (
        f'<section id="answer" aria-live="polite" data-replications="{count}" data-done="{str(answer.done).lower()}" '
        f'data-moves="{escape(moved, quote=True)}">'
        f'<p class="verdict">{escape(words.sentence(reading))}</p>'
        f"{table(('', 'mean ± error', 'risk, P5 to P95', 'goal'), rows)}"
        f'<p class="note">{escape(note)}</p>{_list(cautions, "note")}</section>'
    )


def _row(reading: Reading, kpi: str) -> Row:
    found, unit = reading.kpis[kpi], words.unit(kpi, reading)
    risk = numbers.interval(found.p5, found.p95, unit) if not math.isnan(found.p5) else numbers.NOT_COMPUTED
    if kpi in ("cost", "finish_days") and math.isfinite(found.p80):
        risk = f"{risk}; P80 {numbers.number(found.p80, unit, (found.p95 - found.p5) / 2)}"
    return (words.title(kpi), words.mean(reading, kpi), risk, _goal(reading, kpi))


def _goal(reading: Reading, kpi: str) -> str:
    """How likely the goal on a KPI is met, with its interval."""
    chance = reading.kpi(GOAL_KPIS.get(kpi, ""))
    goal = reading.goal(kpi)
    if goal is None:
        return "none"
    said = goal_words(reading.line, goal)
    likely = "" if chance is None else _likely(chance)
    return f"{said}: {likely}" if likely else said


def _likely(chance: Summary | Together) -> str:
    """A chance with its interval, "" where it is not known."""
    if math.isnan(chance.mean):
        return ""
    share, _, interval = words.chance(chance).partition(" ")
    return f"{share} likely {interval}"


def _bottleneck(answer: Answer) -> Row:
    if not answer.bottleneck:
        return ("bottleneck", "nothing waits", "", "")
    found = answer.held
    share = numbers.mean_half_width(found.mean, found.low, found.high, numbers.SHARE)
    risk = numbers.interval(found.p5, found.p95, numbers.SHARE)
    return ("bottleneck", f"{answer.bottleneck}, {share} of hours", risk, "")


def table(head: Row, rows: Sequence[Row], name: str = "") -> str:
    """A table whose first column names its rows, escaped."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in head[1:])
    first = f'<td class="corner">{escape(head[0])}</td>' if head[0] else "<td></td>"
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f'<td data-label="{escape(about, quote=True)}">{escape(cell)}</td>'
            for about, cell in zip(head[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{escape(name)}</caption>" if name else ""
    return f'<table class="told">{caption}<thead><tr>{first}{heads}</tr></thead><tbody>{body}</tbody></table>'


def comparison_html(answers: Sequence[Answer], found: Comparison, names: Mapping[str, str]) -> str:
    """Two plans side by side, their paired differences, and the sentence that may be read aloud. names: what each plan
    is, by the name that the comparison has for it."""
    readings = read([one.runs for one in answers])
    shown = [reading.name for reading in readings]
    differences = {str(one["kpi"]): one for one in found.differences.to_dict("records")}
    rows = []
    for kpi in KPIS:
        if any(kpi not in reading.kpis for reading in readings):
            continue
        by = differences.get(kpi)
        unit = words.unit(kpi, readings[0])
        told = ""
        if by is not None:
            told = numbers.difference(float(by["mean"]), float(by["low"]), float(by["high"]), unit)
        stands = "" if by is None or not bool(by["differs"]) else " *"
        rows.append((words.title(kpi), *(words.mean(reading, kpi) for reading in readings), f"{told}{stands}"))
    rows.append(("bottleneck", *(one.bottleneck or "nothing waits" for one in answers), ""))
    legend = "".join(f"<li><b>{escape(one)}</b>: {escape(names[one])}</li>" for one in shown)
    count = answers[0].replications
    note = (
        f"{count} replications of each, paired: both plans have the same items, people and luck. * the difference "
        "stands after Holm's correction."
    )
    return (
        f'<section id="comparison" data-replications="{count}"><ul class="plans">{legend}</ul>'
        f"{_paragraphs(found.verdicts, 'verdict')}"
        f'{table(("", *shown, f"{shown[1]} less {shown[0]}"), rows)}<p class="note">{escape(note)}</p></section>'
    )


def picture_html(name: str, label: str, wide: str, narrow: str) -> str:
    """A picture for a desk and for a phone. wide, narrow: SVG documents, which are shown as images: nothing in them
    runs.  label: read aloud in its place."""
    return f'<figure id="{name}">{_image(wide, label, "across")}{_image(narrow, label, "down")}</figure>'


def _image(svg: str, label: str, kind: str = "") -> str:
    """An SVG document as an image as wide as it says."""
    data = base64.b64encode(svg.encode()).decode()
    size = re.search(r' width="(\d+)"', svg)
    width = f' width="{size[1]}"' if size else ""
    return f'<img class="{kind}" alt="{escape(label, quote=True)}" src="data:image/svg+xml;base64,{data}"{width}>'


def problems_html(what: str, problems: Sequence[str]) -> str:
    """What was refused, with where and how to mend it."""
    shown = "".join(f"<li><code>{escape(one)}</code></li>" for one in problems[:30])
    more = f"<p>and {len(problems) - 30} more</p>" if len(problems) > 30 else ""
    return f'<section id="problems" role="alert"><h3>{escape(what)}</h3><ul>{shown}</ul>{more}</section>'


def search_html(seeking: Seeking, base: Base, svg: str) -> str:
    """A search as it stands: how far it is, its frontier as a picture and as a table."""
    state = "over" if seeking.over else "under way"
    if seeking.problems:
        return problems_html("The search ended", seeking.problems)
    best = rows(seeking, base)
    count = (
        f"{seeking.used:,} of {BUDGET:,} replications, {len(seeking.points)} plans tried, {len(best)} on the frontier"
    )
    said = f"The search is {state}: {count}."
    label = f"Plans tried by cost and finish; {len(best)} of them on the frontier."
    shown = ""
    if svg and best:
        shown = f"<figure>{_image(svg, label)}</figure>{table(head(seeking, base), best)}"
    note = (
        "Means so far of what was tried, which flatter the best. Certified: with 95% confidence the means keep the "
        "goals, or the chances where a goal asks for one."
    )
    return (
        f'<section id="search" data-over="{str(seeking.over).lower()}" data-plans="{len(seeking.points)}">'
        f'<p>{escape(said)}</p>{shown}<p class="note">{escape(note)}</p></section>'
    )


def _paragraphs(texts: Sequence[str], kind: str) -> str:
    return "".join(f'<p class="{kind}">{escape(one)}</p>' for one in texts)


def _list(texts: Sequence[str], kind: str) -> str:
    return "" if not texts else f'<ul class="{kind}">{"".join(f"<li>{escape(one)}</li>" for one in texts)}</ul>'
