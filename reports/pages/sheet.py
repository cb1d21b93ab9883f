"""What a page for a reader is made of, and the page made of it: an answer, sections of pictures and tables, a foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.files import plain_name, whole
from .. import html, style
from ..cells import Cell, Group, Row, Table
from ..foot import rests_on
from ..reading import Reading
from ..replay.view import replay_fragment, replay_script

if TYPE_CHECKING:
    from ..drawing import Drawing
    from ..replay.day import Day


@dataclass(frozen=True)
class Drawn:
    """A picture. name: of its files.  draw: width in CSS pixels -> the figure.  label: what it shows, read aloud in its
    place.  caption: below it."""

    name: str
    draw: Callable[[int], Drawing]
    label: str
    caption: str


@dataclass(frozen=True)
class Shown:
    """A table. first: header of its first column.  titled: whether its groups have headings."""

    label: str
    caption: str
    first: str
    table: Table
    titled: bool = False
    bars: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading: sentences, pictures, a day that can be played, tables, and what is to be known
    of them."""

    title: str
    sentences: Sequence[str] = ()
    pictures: Sequence[Drawn] = ()
    tables: Sequence[Shown] = ()
    notes: Sequence[str] = ()
    day: Day | None = None


@dataclass(frozen=True)
class Sheet:
    """A page. reader: for whom.  names: of the scenarios.  verdicts: the answer.  more: what stands behind it.
    cautions: what a reader must be warned of.  proof: the picture that shows it.  readings: whose assumptions and
    provenance are told at the foot."""

    reader: str
    names: Sequence[str]
    verdicts: Sequence[str]
    readings: Sequence[Reading]
    proof: Drawn | None = None
    more: Sequence[str] = ()
    cautions: Sequence[str] = ()
    sections: Sequence[Section] = field(default=())

    @property
    def pictures(self) -> list[Drawn]:
        """All pictures, in their order on the page."""
        inside = [one for section in self.sections for one in section.pictures]
        return inside if self.proof is None else [self.proof, *inside]


def page_html(sheet: Sheet) -> str:
    """The page as HTML text, equal for equal sheets. Where a day is played it has one script, and else none."""
    places = count(1)
    return html.page(
        "reader.html",
        f"{sheet.reader}: {', '.join(sheet.names)}",
        {
            "reader": sheet.reader,
            "names": sheet.names,
            "verdicts": sheet.verdicts,
            "more": sheet.more,
            "cautions": sheet.cautions,
            "proof": None if sheet.proof is None else _picture(sheet.proof, 0),
            "sections": [
                {
                    "title": one.title,
                    "sentences": one.sentences,
                    "pictures": [_picture(each, next(places)) for each in one.pictures],
                    "replay": None if one.day is None else replay_fragment(one.day),
                    "tables": one.tables,
                    "notes": one.notes,
                }
                for one in sheet.sections
            ],
            **rests_on(sheet.readings),
        },
        scripts=[replay_script()] if any(one.day is not None for one in sheet.sections) else [],
    )


def write_figures(folder: Path, sheet: Sheet) -> list[Path]:
    """Writes each picture of a page into a folder, as SVG and as PNG on white paper; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for one in sheet.pictures:
        name = plain_name(one.name, "picture")
        if folder / f"{name}.svg" in paths:  # of plans whose names are the same to a file
            name = f"{name}-{len(paths) // 2 + 1}"
        for kind, how in (("svg", {}), ("png", {"dpi": 2 * style.PIXELS_PER_INCH})):
            path = folder / f"{name}.{kind}"
            figure = one.draw(style.WIDE).on_paper()
            with whole(path) as place:
                figure.savefig(place, format=kind, **how)
            paths.append(path)
    return paths


def listing(rows: Sequence[Sequence[str]]) -> Table:
    """Rows of text under their header, the first column its names, as a table."""
    head, *others = rows
    body = tuple(Row(row[0], tuple(Cell(text, there=bool(text)) for text in row[1:])) for row in others)
    return Table(tuple(head[1:]), (Group("", body),))


def _picture(one: Drawn, place: int) -> html.Picture:
    return html.picture(lambda width: style.svg(one.draw(width)), one.label, one.caption, f"p{place}-")
