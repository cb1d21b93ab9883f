"""The notebook of docs/: run anew, and what a reader sees in it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

PATH = Path(__file__).parents[2] / "docs" / "tour.ipynb"

_TAG = re.compile(r"<(style|metadata)\b.*?</\1>|<[^>]*>", re.DOTALL)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def executed(folder: Path) -> Any:
    """The notebook, run from the first cell to the last in a folder of its own. Raises CellExecutionError where a cell
    raises."""
    book = nbformat.read(PATH, as_version=4)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(book, timeout=300, kernel_name="python3", resources=where, record_timing=False).execute()
    return book


def seen(cell: Any) -> list[str]:
    """What a reader sees below a cell: the text of each output, of tables and pictures too, without its tags."""
    found = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            found.append(output.text)
            continue
        for kind, text in sorted(output.data.items()):
            found.append(" ".join(html.unescape(_TAG.sub(" ", text)).split()) if kind != "text/plain" else text)
    return found


def apart(one: str, other: str) -> str | None:
    """Where two texts differ: in a word, or in a number by more than one in its last digit, since the last bits of a
    fit hang on the processor. None where they do not."""
    if _NUMBER.split(one) != _NUMBER.split(other):
        return f"words differ: {one[:2000]!r} and {other[:2000]!r}"
    for left, right in zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True):
        places = min(len(text.partition(".")[2]) for text in (left, right))
        if abs(float(left.replace(",", "")) - float(right.replace(",", ""))) > 1.001 * 10.0**-places:
            return f"{left} and {right}, in {other[:2000]!r}"
    return None
