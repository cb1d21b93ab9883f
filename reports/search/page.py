"""The page of a search: one HTML file that a manager can read, print and send on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...scenarios.search.after import Recommended, Short
from ...scenarios.search.search import Found
from ...sim.files import write_text
from ...sim.line import digest
from .. import html, style
from ..html import Picture
from . import rows
from .figure import chosen_by, draw_steps, draw_tried, draw_weights, tried_words
from .names import percent
from .short import short_sentences
from .words import fitted, given_up, headline, importance, method, steps, volumes


@dataclass(frozen=True)
class Block:
    """A part of the page. rows: of a table under their header; none for no table.  caption: of the table.  wrapped: its
    cells are text."""

    title: str
    sentences: Sequence[str] = ()
    picture: Picture | None = None
    rows: rows.Rows | None = None
    caption: str = ""
    wrapped: bool = False


def write_search(path: Path, found: Found, after: Recommended | Short) -> None:
    """Writes the page, all of it or nothing."""
    write_text(path, search_page(found, after))


def search_page(found: Found, after: Recommended | Short) -> str:
    """The page as HTML text, equal for equal answers."""
    short = isinstance(after, Short)
    told = short_sentences(found, after) if isinstance(after, Short) else list(headline(found, after))
    blocks = _short(found, after) if isinstance(after, Short) else _recommended(found, after)
    line = found.question.line
    return html.page(
        "search.html",
        f"Search: {line.name}",
        {
            "name": line.name,
            "short": short,
            "verdict": told[0],
            "more": told[1:],
            "blocks": blocks,
            "provenance": [
                ("seed", str(found.rules.seed)),
                ("confidence", percent(found.rules.confidence)),
                ("budget", f"{found.rules.budget:,}"),
                ("replications used", f"{found.history.used:,}, {chosen_by(found):,} of them to choose by"),
                ("beside the budget", f"{after.replications:,}"),
                ("today's plan", digest(line)[:12]),
            ],
        },
    )


def _tried(found: Found) -> Block:
    caption = (
        "Each mark is a plan that was tried, by the means of all its replications. Above the line it keeps all goals; "
        "how far above or below is by the goal that it keeps least. Likely: a certificate could probably be had."
        f"{' Filled: the plan found.' if found.plan is not None else ''}"
    )
    drawn = html.picture(lambda width: style.svg(draw_tried(found, width)), tried_words(found), caption)
    return Block("All plans that were tried", picture=drawn)


def _short(found: Found, after: Short) -> list[Block]:
    shown = rows.plan_rows(found, after.plan)
    told = [Block("The plan that came nearest", rows=shown, caption="This is no recommendation.", wrapped=True)]
    if after.goals:
        told.append(Block("How far it is", rows=rows.short_rows(found, after)))
    return [*told, _tried(found)]


def _recommended(found: Found, after: Recommended) -> list[Block]:
    told = [Block("The plan", rows=rows.plan_rows(found, after.plan), wrapped=True)]
    if after.goals:
        caption = f"By its certificate alone; each bound by itself at {percent(found.rules.confidence)} confidence."
        told.append(Block("What it keeps", rows=rows.goal_rows(found, [*after.goals]), caption=caption))
    if len(after.choices) > 1:
        caption = "By their certificates alone. None of these is better than another in everything."
        shown = rows.choice_rows(found, after)
        told.append(Block("Plans to choose from", rows.choice_lines(found, after), None, shown, caption))
    if after.way.changes:
        told += _way(found, after)
    shown = rows.volume_rows(found, after)
    moved = [*volumes(found, after), *rows.rival_lines(found, after)]
    told.append(Block("With more work, and with less", moved, None, shown))
    sure = list(fitted(found, after))
    if sure:
        told.append(Block("What the fit does not know", sure))
    if after.weights:
        told.append(_weights(found, after))
    return [*told, _tried(found), Block("How it was found", list(method(found, after)))]


def _way(found: Found, after: Recommended) -> list[Block]:
    drawn = html.picture(
        lambda width: style.svg(draw_steps(found, after, width)),
        " ".join(steps(found, after)),
        "Lines: 95% intervals, each by itself. All plans on the way on the same luck.",
    )
    return [
        Block(
            "What to change, in this order", list(steps(found, after)), drawn, rows.step_rows(found, after),
            f"Means of {len(after.way.today)} runs each. (?): not sure that the goal is kept; (missed): surely not.",
        ),
        Block(
            "What is given up, and gained", list(given_up(found, after)), None, rows.traded_rows(found, after),
            rows.SAME_LUCK,
        ),
    ]  # fmt: skip


def _weights(found: Found, after: Recommended) -> Block:
    told = list(importance(found, after))
    drawn = html.picture(
        lambda width: style.svg(draw_weights(found, after, width)),
        " ".join(told),
        "Bar: from the least to the most over the values of a key, the rest as found. Dot: as found.",
    )
    return Block("What it hangs on", told, drawn, rows.weight_rows(found, after), rows.LEAST_SURE)
