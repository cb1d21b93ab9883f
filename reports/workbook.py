"""A workbook of tables: numbers as numbers, text always as text, formulas only where they are ours.

A cell is None (empty), text, a number, or a number that says how it is shown: Money, Share, or a Formula, which comes
to money. Equal tables give equal bytes: there is no clock in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..sim.files import whole


@dataclass(frozen=True)
class Money:
    """Units of the workbook's currency."""

    value: float


@dataclass(frozen=True)
class Share:
    """A share of one, shown in percent."""

    value: float


@dataclass(frozen=True)
class Formula:
    """A formula of ours, and the amount that it comes to, for readers that do not calculate."""

    text: str
    value: float


Series = Sequence[dict[str, Any]]

Cell = str | int | float | Money | Share | Formula | None

NOTHING: Mapping[int, float] = MappingProxyType({})

LINE = 15.0
"""Height of a line, in points; who opens a workbook need not work it out."""

LONGEST = 32_767
"""Characters that a cell can hold; a longer text is cut, for a workbook would drop it whole."""

BLUE, RED = "#1f5a96", "#b03a2e"


@dataclass(frozen=True)
class Book:
    """An open workbook and its formats. text: of text that follows a number.  head_after: of its head.  lines: of text
    that may take more than one line.  base: of all else."""

    book: Any
    head: Any
    head_right: Any
    head_after: Any
    title: Any
    money: Any
    share: Any
    plain: Any
    text: Any
    lines: Any
    base: Any

    def sheet(self, name: str, widths: Sequence[float]) -> Any:
        """A new sheet with columns of these widths; on paper as wide as a page of A4."""
        found = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            found.set_column(column, column, width, self.base)
        found.set_landscape()
        found.set_paper(9)
        found.fit_to_pages(1, 0)
        return found

    def put(self, sheet: Any, row: int, column: int, cell: Cell, form: Any = None) -> None:
        """Writes one cell; text that looks like a formula, a link or a number stays text. form: of text."""
        if cell is None:
            return
        if isinstance(cell, str):
            sheet.write_string(row, column, cell[:LONGEST], form)
        elif isinstance(cell, Formula):
            sheet.write_formula(row, column, cell.text, self.money, cell.value)
        elif isinstance(cell, Money):
            sheet.write_number(row, column, cell.value, self.money)
        elif isinstance(cell, Share):
            sheet.write_number(row, column, cell.value, self.share)
        else:
            sheet.write_number(row, column, cell, self.plain)

    def table(
        self,
        sheet: Any,
        at: int,
        head: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        wrapped: Mapping[int, float] = NOTHING,
    ) -> int:
        """Writes a table from row `at` on, its head first; the row after it. wrapped: widths of columns whose texts may
        take more than one line."""
        texts = [
            all(isinstance(cells[column], str) for cells in rows if column < len(cells) and cells[column] is not None)
            for column in range(len(head))
        ]
        after = [
            column in wrapped or (column > 0 and texts[column] and not texts[column - 1]) for column in range(len(head))
        ]
        for column, name in enumerate(head):
            form = (self.head_after if after[column] else self.head) if texts[column] else self.head_right
            self.put(sheet, at, column, name, form)
        for number, cells in enumerate(rows, at + 1):
            for column, cell in enumerate(cells):
                form = self.lines if column in wrapped else self.text if after[column] else None
                self.put(sheet, number, column, cell, form)
            if (lines := max((_lines(cells, *one) for one in wrapped.items()), default=1)) > 1:
                sheet.set_row(number, LINE * lines)
        return at + 1 + len(rows)

    def chart(
        self, sheet: Any, place: tuple[int, int], kind: dict[str, str], title: str, unit: str, of: Series
    ) -> None:
        """A chart of the workbook's own kind; none where it has no series. of: they, as XlsxWriter takes them."""
        if not of:
            return
        chart = self.book.add_chart(kind)
        for series in of:
            chart.add_series(series)
        chart.set_title({"name": title, "name_font": {"size": 11}})
        chart.set_y_axis({"name": unit, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": LIGHT}})
        chart.set_x_axis({"num_font": {"rotation": -45}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 470, "height": 340})
        sheet.insert_chart(*place, chart)


def _lines(cells: Sequence[Cell], column: int, width: float) -> int:
    """Lines that the text in a column takes; a word may not fit on the rest of one."""
    text = cells[column] if column < len(cells) else None
    return len(textwrap.wrap(text, int(0.9 * width))) if isinstance(text, str) else 1


TOP = {"valign": "top"}
"""Of all cells of a row, one of which may take more than one line."""

LIGHT = {"color": "#d9d9d9", "width": 0.75}


@contextmanager
def workbook(path: Path, title: str, decimals: int, made: datetime) -> Iterator[Book]:
    """A workbook that is at `path` when the block ends well, and not at all when it raises.

    decimals: of amounts.  made: stands in it as the date on which it was made.
    """
    import xlsxwriter  # here, because only a workbook needs it

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with whole(path) as part:
        book = xlsxwriter.Workbook(str(part), {**safe, "in_memory": True})
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        money = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        yield Book(
            book=book,
            head=book.add_format(head),
            head_right=book.add_format({**head, "align": "right"}),
            head_after=book.add_format({**head, "align": "left", "indent": 1}),
            title=book.add_format({"bold": True, "font_size": 14}),
            money=book.add_format({**TOP, "num_format": f"{money};[Red]-{money}"}),
            share=book.add_format({**TOP, "num_format": "0.0%"}),
            plain=book.add_format({**TOP, "num_format": "#,##0.####"}),
            text=book.add_format({**TOP, "align": "left", "indent": 1}),
            lines=book.add_format({**TOP, "align": "left", "text_wrap": True, "indent": 1}),
            base=book.add_format(TOP),
        )
        book.close()
