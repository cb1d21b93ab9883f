"""The notebook of docs/ runs, shows what is kept in it, and would say so if it did not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from labelcast.sim.engines import ENGINES, prepare

from . import pages


@pytest.fixture(scope="module")
def kept() -> Any:
    """The notebook as it is in docs/."""
    return nbformat.read(pages.PATH, as_version=4)


@pytest.mark.docs
def test_it_shows_what_its_cells_give_now(kept: Any, tmp_path: Path) -> None:
    """Every cell runs, in order, in a fresh kernel; words and numbers below it are those that are kept."""
    prepare(ENGINES[0])
    fresh = pages.executed(tmp_path)
    assert len(kept.cells) == len(fresh.cells) > 20
    shown = 0
    for old, new in zip(kept.cells, fresh.cells, strict=True):
        before, after = pages.seen(old), pages.seen(new)
        assert len(before) == len(after), f"{new.source}: run `make tour`"
        for one, other in zip(before, after, strict=True):
            assert pages.apart(one, other) is None, f"{new.source}: run `make tour`: {pages.apart(one, other)}"
            shown += 1
    assert shown > 20


def test_it_tells_nothing_of_the_machine_that_ran_it(kept: Any) -> None:
    """No path, no user, no time; no cell that was run in another order; nothing on stderr."""
    text = pages.PATH.read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|work|usr|var|opt|Users)/|[A-Z]:\\\\|\.venv|site-packages", text)
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(cell.metadata == {} for cell in kept.cells)
    assert all(output.get("name") != "stderr" for cell in code for output in cell.outputs)
    nbformat.validate(kept)


def test_a_cell_that_raises_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what a user did wrong ends the notebook, and its problems are all that is shown."""
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import labelcast as lc\nraise lc.Refused('plan.yaml:3:1: planted')")]
    )
    nbformat.write(book, tmp_path / "planted.ipynb")
    monkeypatch.setattr(pages, "PATH", tmp_path / "planted.ipynb")
    with pytest.raises(CellExecutionError) as raised:
        pages.executed(tmp_path)
    assert "plan.yaml:3:1: planted" in str(raised.value)
    assert "Traceback" not in str(raised.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cost 8,885 EUR", "cost 8,886 EUR", True),
        ("cost 8,885 EUR", "cost 8,887 EUR", False),
        ("97.95%", "97.96%", True),
        ("97.95%", "97.98%", False),
        ("vendor costs 4 EUR more", "vendor costs 4 EUR less", False),
        ("3 and 4", "3", False),
    ],
)
def test_what_is_stale_is_seen(one: str, other: str, same: bool) -> None:
    """A number may be off by one in its last digit, and by no more."""
    assert (pages.apart(one, other) is None) == same
