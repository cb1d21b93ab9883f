"""Classes, attractor, arrivals and the log that is made of judgements."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labelcast.calibration.arrivals import fit_arrivals, per_day
from labelcast.calibration.block import percentages
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.classes import fit_attractor, fit_mix, majorities
from labelcast.calibration.export import write_export
from labelcast.sim.laws import check

DAY = 86_400_000


def judgements(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    """Of (item, label, gold), all counting."""
    table = pd.DataFrame(rows, columns=["item", "label", "gold"]).astype("str")
    correct = (table["label"] == table["gold"]).astype("boolean").where(table["gold"].notna())
    return table.assign(golden=table["gold"].notna(), counts=True, correct=correct)


def test_majority_by_hand() -> None:
    """Two of three win; one each ties and is left out."""
    table = judgements(("a", "x", None), ("a", "y", None), ("a", "x", None), ("b", "x", None), ("b", "y", None))
    assert majorities(table).to_dict() == {"a": "x"}


def test_classes_come_from_items_with_a_truth() -> None:
    """Shares count test questions once each, however many judged them; the interval is Wilson's, as scipy has it."""
    rows = [(f"i{n}", "x", "x" if n < 6 else "y") for n in range(20) for _ in range(1 + n)]
    mix = fit_mix(judgements(*rows), "s")
    assert mix.shares == {"x": 0.3, "y": 0.7}
    wilson = stats.binomtest(6, 20).proportion_ci(method="wilson")
    found = mix.parameters[0]
    assert (found.low, found.high, found.n) == (pytest.approx(wilson.low), pytest.approx(wilson.high), 20)


def test_without_truths_the_majority_stands_in_and_says_so() -> None:
    """No test question: shares of majority labels, and a note; no labels: no classes, and a note."""
    mix = fit_mix(judgements(("a", "x", None), ("b", "x", None), ("c", "y", None)), "s")
    assert mix.shares["x"] == pytest.approx(2 / 3)
    assert "errors included" in mix.notes[0]
    nothing = fit_mix(judgements(("a", None, None)), "s")
    assert nothing.shares == {}
    assert "not modelled" in nothing.notes[0]


def test_percentages_sum_to_a_hundred() -> None:
    """Thirds and sevenths too, so that a scenario that inherits them is not refused."""
    for n in (3, 6, 7, 11, 29):
        shares = percentages({str(k): 1 / n for k in range(n)})
        assert sum(round(100 * float(share.rstrip("%"))) for share in shares.values()) == 10_000


@pytest.mark.parametrize("kappa", [1.0, 4.0])
def test_the_attractor_comes_back(kappa: float) -> None:
    """Wrong labels drawn with a known kappa: within the 99.9% interval; two classes or few wrong labels: no fit."""
    rng = np.random.default_rng(int(kappa))
    rows = []
    for item in range(400):
        wrong = rng.dirichlet([kappa / 3] * 3)
        rows += [(f"i{item}", "xyz"[rng.choice(3, p=wrong)], "t") for _ in range(4)]
    table = judgements(*rows)
    found = fit_attractor(table, 4, "s")
    low, high = (found.value * (end / found.value) ** 1.7 for end in (found.low, found.high))
    assert low <= kappa <= high
    assert found.n == 400
    assert fit_attractor(table, 2, "s") is None
    assert fit_attractor(table[:80], 4, "s") is None


def posted(stamps: list[int]) -> pd.DataFrame:
    when = pd.Series(stamps, dtype="int64").astype("datetime64[ms]")
    return pd.DataFrame(
        {"item": [f"i{n}" for n in range(len(stamps))], "posted_at": when, "begin_ms": np.array(stamps) + 5}
    )


def test_the_rate_of_arrivals_by_hand() -> None:
    """Seven single items a day for three weeks: 49 a week, with Poisson's exact interval of 146 events."""
    stamps = [int(n * DAY / 7) for n in range(147)]
    found = fit_arrivals(posted(stamps), "s").parameters[0]
    weeks = (stamps[-1] - stamps[0]) / (7 * DAY)
    assert found.value == pytest.approx(49.0, rel=1e-6)
    assert found.low == pytest.approx(stats.chi2.ppf(0.025, 2 * 146) / 2 / weeks)
    assert found.high == pytest.approx(stats.chi2.ppf(0.975, 2 * 147) / 2 / weeks)


def test_releases_widen_the_interval() -> None:
    """The same items in 7 releases of 21: the same rate but an interval of 6 events, not of 126."""
    stamps = [day * 3 * DAY for day in range(7) for _ in range(21)]
    found = fit_arrivals(posted(stamps), "s").parameters[0]
    assert found.value == pytest.approx(126 / 18 * 7)
    assert found.high / found.value == pytest.approx(stats.chi2.ppf(0.975, 14) / 12)


def test_one_release_has_no_rate() -> None:
    """All items at once, or two releases: no rate, and a note instead."""
    found = fit_arrivals(posted([0] * 50), "s")
    assert found.parameters == ()
    assert "too few to give a rate" in found.notes[0]


def test_an_item_is_there_when_it_is_started() -> None:
    """A posting stamped after the first start is a clock's fault: the item arrived when it was started."""
    table = posted([1000]).assign(begin_ms=400)
    assert fit_arrivals(table, "s").items["arrived_ms"].tolist() == [400]
    assert per_day(fit_arrivals(table, "s").items, "Asia/Tokyo").to_dict("list") == {
        "day": ["1970-01-01"],
        "items": [1],
    }


@pytest.mark.parametrize("pages", [1, 4])
def test_the_log_of_an_export_keeps_the_laws(pages: int, line, truth, tmp_path) -> None:
    """The log made of a report is lawful and has the items, truths and majorities of the log that was exported."""
    made = line(truth(items=200), 7)
    path = tmp_path / "a.csv"
    write_export(made, path, units_per_page=pages)
    log = calibrate([path]).log
    assert check(log) == []
    assert len(log.tasks) == len(made.tasks) == 600
    assert log.items["gold"].sum() == made.items["gold"].sum()
    assert log.items["truth"].notna().sum() == made.items["gold"].sum()
    wanted = made.tasks.groupby("item")["label"].agg(lambda one: one.mode().iloc[0]).astype(str)
    mine = log.items["final_label"].astype(str).value_counts().to_dict()
    assert mine == wanted.value_counts().to_dict()
