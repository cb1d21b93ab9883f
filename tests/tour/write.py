"""Runs the notebook of docs/ anew and keeps what it shows: `make tour`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat

from labelcast.sim.engines import ENGINES, prepare

from .pages import PATH, executed

if __name__ == "__main__":
    prepare(ENGINES[0])  # or the notebook would tell that it compiles
    with tempfile.TemporaryDirectory() as folder:
        book = executed(Path(folder))
    book.metadata.language_info.pop("version", None)
    for number, cell in enumerate(book.cells, 1):
        cell.id = f"cell-{number:02d}"
    nbformat.write(book, PATH)
