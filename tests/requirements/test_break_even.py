"""From which accuracy on a model that suggests labels pays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

PLAN = """
labelcast: 1
name: model
start: 2027-01-04
currency: EUR
work: {street: {backlog: 1_500 items, difficulty: {spread: 0}}}
pools:
  crew: {headcount: 1, calendar: always, speed: {spread: 0}, skill: {mean: 20, spread: 0}, pay: {hourly: 36_000 EUR}}
stages:
  suggest: {kind: prelabel, time: 1 ms, model: {accuracy: 80%}}
  annotate: {pools: [crew], time: 40 s, suggestion: {anchoring: 0%, accept_time: 0.6, fix_time: 1.3}}
"""
UNUSED = """
labelcast: 1
name: unused
extends: model.yaml
stages: {annotate: {suggestion: {accept_time: 1, fix_time: 1}}}
"""


def test_a_model_pays_from_the_accuracy_that_its_times_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """R10. Labels take 40 s; 0.6 times that where the model is right and 1.3 times where it is wrong, as nobody errs:
    it pays from a = 0.3 / 0.7 on. What 4 x 1,500 suggestions say lies within four standard errors of it (false alarm
    6e-5; the seed is fixed)."""
    for name, text in (("model", PLAN), ("unused", UNUSED)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    over = "stages.suggest.model.accuracy=20%..80%"
    words = ["breakeven", "unused.yaml", "model.yaml", "--over", over, "-n", 4, "--points", 3, "--processes", 1]
    assert labelcast(monkeypatch, *words, "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["crossings"]
    share = 0.3 / 0.7
    assert abs(one["at"] - 100 * share) < 400 * (share * (1 - share) / 6000) ** 0.5
    assert one["cheaper_above"] == "model"
