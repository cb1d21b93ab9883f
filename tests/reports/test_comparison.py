"""What a comparison says besides its verdicts, as text, data and picture."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from labelcast.reports.comparison.figure import trade_offs
from labelcast.reports.comparison.text import compare_text
from labelcast.reports.comparison.told import PAIRS, compare_csv, compare_json
from labelcast.reports.comparison.words import best_rows, notes, other_pairs, standing_sentences, titled
from labelcast.reports.reading import read
from labelcast.scenarios.compare import Comparison, compare
from labelcast.scenarios.standing import Standing
from labelcast.scenarios.together import Reached
from labelcast.sim.line import Line
from labelcast.sim.replicate import Runs

BuildLine = Callable[..., Line]
BuildRuns = Callable[..., Runs]
Three = tuple[list[Runs], Comparison]


def test_standings_are_told_in_sentences(three: Three) -> None:
    """Each kind in words of its own, and all criteria by their names."""
    kinds = (
        Standing("in-house", "dominated", ("vendor",)),
        Standing("vendor", "efficient"),
        Standing("mixed", "open", ("vendor", "in-house")),
    )
    assert standing_sentences(replace(three[1], standings=kinds)) == [
        "On the frontier of cost, finish and accuracy: vendor.",
        "in-house is dominated by vendor: of cost, finish and accuracy worse in at least one, and better in none.",
        "Whether vendor or in-house dominates mixed cannot be told from these runs.",
    ]
    lonely = (Standing("a", "efficient"), Standing("b", "withheld", ("cost", "finish_days")))
    assert standing_sentences(replace(three[1], standings=lonely)) == [
        "b has no place on the frontier: its cost and finish are withheld."
    ]


def test_the_best_are_those_that_may_be(three: Three) -> None:
    """Against the table of the comparison: one that is among alone is the best, several may be, others are behind by
    no more than the numbers admit, in the row's unit."""
    runs, comparison = three
    rows = dict(best_rows(read(runs), comparison))
    assert list(rows)[:2] == ["cost, EUR", "finish, days"]
    assert "accuracy, points" in rows
    costs = comparison.best[comparison.best["kpi"] == "cost"]
    cheap, *dearer = rows["cost, EUR"]
    assert (cheap.text, cheap.sole) == ("the best", True)
    assert costs["among"].tolist() == [True, False, False]
    for cell, far in zip(dearer, costs["high"].iloc[1:], strict=True):
        assert cell.text == f"up to {far:.0f} behind" or cell.text == f"up to {far:.2f} behind"
        assert not cell.among
    assert all(cell.text == "may be best" for cell in rows["accuracy, points"])  # equal in every run


def test_a_title_has_its_unit_once() -> None:
    """The unit of its numbers, points for a share; what a price is of stands in its name."""
    units = {"cost": "EUR", "accuracy": "share", "cost_per_correct_label": "EUR/label", "alpha": ""}
    told = ["cost, EUR", "accuracy, points", "cost per correct label, EUR", "Krippendorff's alpha"]
    assert [titled(kpi, unit) for kpi, unit in units.items()] == told


def test_other_pairs_are_shown_of_few(three: Three, make_line: BuildLine, make_runs: BuildRuns) -> None:
    """Of three scenarios one pair is without the baseline; of two there is none, and of five there are too many."""
    runs, comparison = three
    found = other_pairs(read(runs), comparison)
    assert found is not None
    kpis, (row,) = found
    assert kpis[0] == "cost, EUR"
    assert row.title == "mixed less vendor"
    pairs = comparison.pairs
    (mean,) = pairs[(pairs["scenario"] == "mixed") & (pairs["against"] == "vendor") & (pairs["kpi"] == "cost")]["mean"]
    assert row.cells[0][0].startswith(f"−{abs(mean):.0f}"[:4])
    assert row.cells[0][1]
    assert other_pairs(read(runs[:2]), compare(runs[:2])) is None
    five = [make_runs(make_line(f"in-{number}")) for number in range(5)]
    assert other_pairs(read(five), compare(five)) is None
    assert "--json and --csv have all 10 pairs." in compare_text(five, compare(five))


def test_what_is_not_the_same_work_is_said(three: Three, make_line: BuildLine, make_runs: BuildRuns) -> None:
    """Nothing of equal work that begins together; else how many items each has, and that dates are compared."""
    runs, _ = three
    assert notes(read(runs)) == []
    other = make_runs(make_line("vendor", backlog=900))
    (told,) = notes(read([runs[0], other]))
    assert "in-house has 600 items and vendor has 900 items" in told
    late = replace(runs[1], line=replace(runs[1].line, start=datetime(2027, 1, 11, 9)))
    (told,) = notes(read([runs[0], late]))
    assert "begin on different dates" in told
    pairs = compare([runs[0], late]).pairs.set_index("kpi")
    calm = compare(runs[:2]).pairs.set_index("kpi")
    assert pairs.loc["finish_days", "mean"] == pytest.approx(calm.loc["finish_days", "mean"] + 7)
    assert told in compare_text([runs[0], late], compare([runs[0], late]))


def test_data_hold_every_pair_and_nothing_that_json_has_no_word_for(
    three: Three, make_line: BuildLine, make_runs: BuildRuns
) -> None:
    """Withheld numbers are null and empty; chances are told beside the baseline's, in pairs."""
    runs = [*three[0][:2], make_runs(make_line("never", labeller="vendor-b"), unfinished=3)]
    comparison = compare(runs)
    reached = (Reached("vendor", "cost", 2.0, 3.0), Reached("never", "cost", math.nan, math.nan))
    found = json.loads(json.dumps(compare_json(runs, comparison, reached), allow_nan=False))
    assert len(found["pairs"]) == 3 * 4
    withheld = [one for one in found["pairs"] if one["kpi"] in ("cost", "finish_days") and "never" in one.values()]
    assert len(withheld) == 4
    assert all(one["mean"] is None and not one["differs"] for one in withheld)
    assert [one["reached"] for one in found["precision"]] == [True, False]
    assert found["scenarios"][2]["standing"] == "withheld"
    base, other = (one["chances"]["p_deadline"] for one in found["scenarios"][:2])
    assert "against_baseline" not in base
    assert other["against_baseline"]["mean"] == pytest.approx(other["chance"] - base["chance"])
    rows = list(csv.DictReader(io.StringIO(compare_csv(comparison, "EUR"))))
    assert list(rows[0]) == list(PAIRS)
    assert sum(row["mean"] == "" for row in rows) == 4


def test_names_are_no_formulas(make_line: BuildLine, make_runs: BuildRuns) -> None:
    """A scenario that is called like a formula is text in a spreadsheet, and numbers below zero stay numbers."""
    runs = [make_runs(make_line("in-house")), make_runs(make_line("=1+1"), cost=700.0)]
    rows = list(csv.reader(io.StringIO(compare_csv(compare(runs), "EUR"))))
    assert rows[1][0] == "'=1+1"
    assert float(rows[1][4]) < 0


def test_dominated_dots_are_hollow_and_named(three: Three) -> None:
    """Told by shape and by word, in both panels; without a known accuracy there is one panel."""
    readings = read(three[0])
    drawn = trade_offs(readings, dominated=["vendor"])
    assert drawn.count("vendor (dominated)") == 2
    assert "accuracy" in drawn
    blind = read([replace(one, kpis=one.kpis.assign(accuracy=math.nan)) for one in three[0]])
    assert "accuracy" not in trade_offs(blind)


def test_error_and_risk_stand_apart(three: Three) -> None:
    """Means with their error in one table, percentiles in another, and the star says what it stands for."""
    text = compare_text(*three)
    error, risk, best = (text.index(word) for word in ("(error):", "(risk):", "Against the best"))
    assert error < risk < best
    assert "P5" not in text[error:risk]
    assert "over all 12 of all pairs: the chance of any false one is 5% at most" in text
