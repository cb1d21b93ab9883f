"""`labelcast consensus`: what it prints, and how it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from labelcast import cli
from labelcast.reports.consensus_figure import consensus_points
from labelcast.sim.estimates.rules import Question, answers

ASKED = {"accuracy": "0.85", "correlation": "0.2", "classes": "5", "price": "0.04"}


def consensus(monkeypatch: pytest.MonkeyPatch, *more: str, **asked: str) -> int:
    """Runs the command; its exit code."""
    words = [word for name, text in (ASKED | asked).items() for word in (f"--{name}", text)]
    monkeypatch.setattr(sys, "argv", ["labelcast", "consensus", *words, *more])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_each_rule_has_a_row_and_the_warning_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Error, ties, labels and cost of 13 rules, with independent errors beside them, and what is assumed; all plain
    ASCII."""
    assert consensus(monkeypatch, price="0.04 EUR") == 0
    told = capsys.readouterr().out
    rows = [line for line in told.splitlines() if line.startswith(("1 label", "majority", "lead", "until"))]
    assert len(rows) == 13
    assert rows[4].split() == [
        "majority",
        "of",
        "5",
        "5.83%",
        "3.63%",
        "5.00",
        "0.2000",
        "0.2124",
        "1.06%",
        "5.00",
        "0.2021",
    ]
    assert "0.04 EUR a label" in told
    assert "Warning: a majority of 5 leaves 5.83% wrong, 5.5 times the 1.06% that independent errors promise." in told
    assert "attractor 3 (2 to 4 on public sets; --attractor)" in told
    assert told.isascii()


def test_json_has_the_same_numbers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Costs are price x labels, per item and per right item; the independent line is a rule's own; no NaN."""
    assert consensus(monkeypatch, "--json", "--attractor", "inf", accuracy="85%") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["accuracy"], told["classes"], told["price"], told["currency"]) == (0.85, 5, 0.04, "")
    assert told["attractor"] is None
    assert len(told["rules"]) == 13
    for rule in told["rules"]:
        for one in (rule, rule["independent"]):
            assert one["cost"] == pytest.approx(0.04 * one["labels"])
            assert one["cost_per_correct_label"] == pytest.approx(one["cost"] / (1.0 - one["error"]))
        assert rule["error"] >= rule["independent"]["error"] - 1e-12


def test_without_correlation_it_is_the_independent_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Correlation 0 and no attractor: both are one, and nothing is warned of."""
    assert consensus(monkeypatch, "--json", "--attractor", "inf", correlation="0") == 0
    for rule in json.loads(capsys.readouterr().out)["rules"]:
        assert rule["error"] == pytest.approx(rule["independent"]["error"], abs=1e-12)
    assert consensus(monkeypatch, "--attractor", "inf", correlation="0") == 0
    assert "Warning" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("accuracy", "1", "must be above 0 and below 1"),
        ("accuracy", "0", "must be above 0 and below 1"),
        ("accuracy", "85", "must be above 0 and below 1"),
        ("accuracy", "nan", "must be a finite number"),
        ("accuracy", "0,85", "the decimal sign is a point"),
        ("accuracy", "0.2", "must be above 0.2, what a guess among 5 classes is worth"),
        ("correlation", "1", "must be at least 0 and below 1"),
        ("correlation", "-0.1", "must be at least 0 and below 1"),
        ("correlation", "0.999", "must be at most 0.99"),
        ("classes", "1", "must be at least 2"),
        ("classes", "2.5", "must be a whole number"),
        ("price", "-1", "must be at least 0"),
        ("price", "0.04 EURO", 'Did you mean "EUR"?'),
        ("price", "cheap", "must be a number"),
        ("attractor", "0", "must be at least 0.001"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    name: str, text: str, rule: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, the option named, the rule told, no traceback and nothing on stdout."""
    assert consensus(monkeypatch, **{name: text}) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"--{name}: ")
    assert rule in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each option."""
    wrong = {"accuracy": "2", "correlation": "1", "classes": "0", "price": "x", "attractor": "y"}
    assert consensus(monkeypatch, **wrong) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == [f"--{name}" for name in wrong]


def test_points_are_the_rules_own() -> None:
    """Labels and errors as told; independent errors promise more of a majority of three and more."""
    found = answers(Question(accuracy=0.85, correlation=0.2, classes=5, price=0.04))
    points = consensus_points(found)
    assert sum(len(points[kind]) for kind in ("majority", "lead", "sure")) == len(found.rules) == 13
    for kind in ("majority", "lead", "sure"):
        for x, y in points[kind]:
            assert any((one.expected.labels, 1 - one.expected.error) == (x, y) for one in found.rules)
    for (k, now), (same, alone) in zip(points["majority"], points["independent"], strict=True):
        assert k == pytest.approx(same)
        assert alone > now if k > 2.5 else alone == pytest.approx(now)


def test_the_picture_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As SVG, the same each time; another ending is refused before anything is worked out."""
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for path in files:
        assert consensus(monkeypatch, "--plot", str(path)) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "errors correlate with 0.2" in files[0].read_text()
    capsys.readouterr()
    assert consensus(monkeypatch, "--plot", str(tmp_path / "c.pdf")) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "a picture is written here" in told.err
