"""The names that a notebook uses."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import labelcast
from labelcast.sim.statistics import Summary


def test_every_public_name_is_there() -> None:
    """What `__all__` promises can be had, and what it does not is refused with a list."""
    assert all(callable(getattr(labelcast, name)) for name in labelcast.__all__)
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", labelcast.__version__)
    with pytest.raises(AttributeError, match="it has Refused, agreement_of, bottleneck, breakeven, budget"):
        labelcast.simulate  # noqa: B018


def test_the_lines_of_the_docstring_work(tmp_path: Path) -> None:
    """Load and run; or load, replicate, summarise, whose numbers are the same."""
    scenario = tmp_path / "my-plan.yaml"
    text = "labelcast: 1\nstart: 2027-01-04\ntimezone: UTC\ncurrency: EUR\nwork: {items: {backlog: 9 items}}\n"
    text += "pools: {team: {headcount: 2, calendar: always, pay: {per_label: 0.5 EUR}}}\n"
    scenario.write_text(text + "stages: {annotate: {pools: [team], time: 42 s}}\n")
    plan = labelcast.load(scenario)
    runs = labelcast.replicate(plan.line, replications=3, seed=1, processes=1)
    assert labelcast.summaries(runs)["cost"] == Summary(4.5, 4.5, 4.5, 4.5, 4.5, 4.5, 4.5)
    assert len(runs.kpis) == 3
    assert labelcast.run(plan, replications=3, processes=1).kpis.equals(runs.kpis)


def test_importing_labelcast_loads_nothing_heavy() -> None:
    """`import labelcast` stays quick."""
    code = "import sys, labelcast; print(sorted({'numpy', 'numba', 'pandas', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
