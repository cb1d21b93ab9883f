"""`labelcast modelvalue`: whether the next labels pay, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

POINTS = "labels,accuracy\n" + "".join(f"{n},{0.95 - 0.9 * n**-0.4:.6f}\n" for n in (400, 800, 1600, 3200, 6400, 12800))
PLAN = """labelcast: 1
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 60 items}}
pools: {team: {headcount: 3, calendar: always, skill: {accuracy: 90%}, pay: {per_label: 0.20 EUR}}}
stages: {annotate: {pools: [team], time: 30 s}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with points on a known curve, and a plan."""
    (tmp_path / "points.csv").write_text(POINTS, encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_whether_the_next_thousand_pay(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Worth much, they pay; worth little, they do not; the last one that pays is that of the closed form."""
    told = {}
    for worth in ("4000 EUR", "40 EUR"):
        words = ["modelvalue", "points.csv", "--worth", worth, "--price", "0.10 EUR", "--json", "--plot", "c.svg"]
        assert labelcast(monkeypatch, *words) == 0
        told[worth] = json.loads(capsys.readouterr().out)
    assert told["4000 EUR"]["verdict"][1].endswith("they pay.")
    assert told["40 EUR"]["verdict"][1].endswith("they do not pay.")
    stop = (0.9 * 0.4 * 100 * 4000 / 0.1) ** (1 / 1.4)
    assert told["4000 EUR"]["stop_at"]["labels"] == pytest.approx(stop, rel=1e-2)
    assert "accuracy" in Path("c.svg").read_text(encoding="utf-8")


def test_a_scenario_tells_price_and_noise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An accepted label of one that is paid 0.20 costs that; what is wrong is worth less than clean labels."""
    words = ["modelvalue", "points.csv", "--worth", "4000 EUR", "-n", 3]
    assert labelcast(monkeypatch, *words, "--scenario", "plan.yaml", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["price"] == pytest.approx(0.2)
    assert 0.03 < told["noise"] < 0.2
    assert labelcast(monkeypatch, *words, "--scenario", "plan.yaml") == 0
    text = capsys.readouterr().out
    assert "an accepted label costs 0.2 EUR" in text
    assert "clean ones (power 2.00, as theory has it" in text


def test_what_cannot_be_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two prices, two currencies, a share that is none."""
    assert labelcast(monkeypatch, "modelvalue", "points.csv", "--price", "1 EUR", "--scenario", "plan.yaml") == 2
    assert "--price and --scenario are both said" in capsys.readouterr().err
    assert (
        labelcast(monkeypatch, "modelvalue", "points.csv", "--price", "1 EUR", "--worth", "9 USD", "--noise", "x") == 2
    )
    error = capsys.readouterr().err
    assert "need one currency, but are in EUR and USD" in error
    assert "--noise: " in error
