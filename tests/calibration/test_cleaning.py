"""Stamps into work, on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.cleaning import Cleaned, clean
from labelcast.calibration.readers.judgements import Refusals, typed


def cleaned(*rows: tuple[str, str, int, int]) -> tuple[Cleaned, Refusals]:
    """Of (worker, item, start s, submit s), from a fixed moment."""
    worker, item, start, submit = zip(*rows, strict=True)
    moment = pd.Timestamp("2026-01-05 09:00:00")
    frame = pd.DataFrame(
        {
            "worker": worker, "item": item, "row": range(2, len(rows) + 2), "source": 0, "outcome": "accepted",
            "started_at": [moment + pd.Timedelta(seconds=s) for s in start],
            "submitted_at": [moment + pd.Timedelta(seconds=s) for s in submit],
        }
    )  # fmt: skip
    refusals = Refusals(["a.csv"])
    return clean(typed(frame), refusals), refusals


def found(book: Refusals) -> dict[str, int]:
    return {one.reason.split(":")[0]: one.rows for one in book.summary()}


def test_a_page_is_divided_among_its_units() -> None:
    """Three units with one pair of stamps 90 s apart took 30 s each, one after the other; one page, not three."""
    out, _ = cleaned(*[("w", f"i{n}", 0, 90) for n in range(3)], ("v", "i0", 0, 60))
    mine = out.judgements[out.judgements["worker"] == "w"]
    assert mine["units_on_page"].tolist() == [3, 3, 3]
    assert mine["seconds"].tolist() == [30.0, 30.0, 30.0]
    assert np.diff(mine["begin_ms"]).tolist() == [30_000, 30_000]
    assert (mine["end_ms"] - mine["begin_ms"]).sum() == 90_000
    assert sorted(out.pages["seconds"]) == [30.0, 60.0]


def test_hoarded_starts_move_to_the_previous_submit() -> None:
    """Three assignments accepted at once and worked one by one took 60 s each, not 60, 120 and 180."""
    out, _ = cleaned(("w", "a", 0, 60), ("w", "b", 0, 120), ("w", "c", 0, 180), ("v", "a", 30, 90))
    assert out.pages.loc[out.pages["worker"] == "w", "seconds"].tolist() == [60.0, 60.0, 60.0]
    assert out.pages.loc[out.pages["worker"] == "v", "seconds"].tolist() == [60.0]
    assert out.hoarded == 2
    assert found(out.set_apart) == {"started before the worker's previous submit": 2}


def test_no_worker_holds_two_tasks_at_once() -> None:
    """After cleaning, a worker's units follow one another, whatever the stamps were."""
    rng = np.random.default_rng(1)
    rows = [("w", f"i{n}", int(s), int(s) + int(rng.integers(1, 400))) for n, s in enumerate(rng.integers(0, 5000, 80))]
    out, _ = cleaned(*rows)
    units = out.judgements.sort_values(["begin_ms", "end_ms"])
    assert (units["begin_ms"].to_numpy()[1:] >= units["end_ms"].to_numpy()[:-1]).all()


def test_idle_and_instant_pages_are_set_apart_and_counted() -> None:
    """A page of nine hours, one of 40 times the worker's usual, and one of no time are no service times."""
    rows = [("w", f"i{n}", n * 100, n * 100 + 50 + n % 7) for n in range(30)]
    rows += [("w", "long", 4000, 6000), ("w", "night", 7000, 7000 + 9 * 3600), ("w", "none", 50_000, 50_000)]
    out, _ = cleaned(*rows)
    assert found(out.set_apart) == {"no time between start and submit": 1, "left open (idle)": 2}
    assert out.judgements["timed"].sum() == 30
    assert len(out.judgements) == 33


def test_the_usual_scatter_is_not_idle() -> None:
    """Of 5,000 lognormal times (sigma 0.5), fewer than 10 are cut: 3.5 sd leaves 1 in 4,000 beyond."""
    rng = np.random.default_rng(3)
    seconds = np.exp(rng.normal(4, 0.5, 5000)).round().astype(int)
    ends = np.cumsum(seconds)
    out, _ = cleaned(*[("w", f"i{n}", int(e - s), int(e)) for n, (s, e) in enumerate(zip(seconds, ends, strict=True))])
    assert 5000 - out.pages["timed"].sum() < 10


@pytest.mark.parametrize("times", [2, 10, 60])
def test_cleaning_knows_no_unit_of_time(times: int) -> None:
    """Durations that are all so many times longer are cleaned alike, as long as none comes near 8 h."""
    rng = np.random.default_rng(4)
    seconds = np.exp(rng.standard_t(2, 300) * 0.4 + 3).round().clip(1, 400).astype(int)
    starts = np.arange(300) * 500
    one, many = (
        cleaned(
            *[("w", f"i{n}", int(a) * k, int(a + s) * k) for n, (a, s) in enumerate(zip(starts, seconds, strict=True))]
        )
        for k in (1, times)
    )
    assert one[0].pages["timed"].tolist() == many[0].pages["timed"].tolist()


def test_backward_rows_are_refused_and_second_looks_do_not_count() -> None:
    """Finish before start is refused; a worker's second judgement of an item is time, but no label."""
    out, refused = cleaned(("w", "a", 0, 60), ("w", "a", 70, 120), ("v", "a", 60, 0))
    assert found(refused) == {"finish before start": 1}
    assert out.judgements["counts"].tolist() == [True, False]
    assert out.judgements["timed"].tolist() == [True, True]
