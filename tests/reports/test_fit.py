"""The report of a calibration."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd

from labelcast.calibration.fit import Assumption, Evidence, Fit, Parameter, Refusal, Source
from labelcast.reports import fit_figures
from labelcast.reports.fit import fit_report, write_fit_report
from labelcast.sim.log import Log, Provenance

HOSTILE = '<script>alert("file")</script> $x_1$.csv'


def made(*, gold: bool = True, name: str = "batch.csv") -> Fit:
    """A fit of 400 pages by 20 workers with sigma 0.5 within and 0.3 between, and a median of 40 s."""
    rng = np.random.default_rng(3)
    worker = np.repeat(np.arange(20), 20)
    logs = math.log(40) + rng.normal(0, 0.3, 20)[worker] + rng.normal(0, 0.5, 400)
    seconds = pd.DataFrame({"worker": np.arange(20), "pages": 20, "seconds": np.exp(logs.reshape(20, 20).mean(axis=1))})
    accuracy = pd.DataFrame({"worker": np.arange(20), "gold": 10, "correct": rng.integers(6, 11, 20)})
    concurrent = np.full((7, 24), np.nan)
    concurrent[:5, 8:18] = 3.0
    concurrent[2, 14] = 5.5
    empty = pd.DataFrame()
    provenance = Provenance("0.1.0", "d" * 64, "mturk", "2024-03-04T08:00:00+00:00", "UTC", 1, {"annotate": "annotate"})
    return Fit(
        pool="annotators",
        segment="items",
        stage="annotate",
        timezone="UTC",
        parameters=(
            Parameter("work.items.classes.yes", 0.62, 0.57, 0.67, 400, "majority", ""),
            Parameter("pools.annotators.speed.spread", 0.3, 0.22, 0.44, 20, "REML"),
            Parameter("stages.annotate.time.lognormal.median", 40.0, 34.6, 46.2, 400, "REML", "s"),
            Parameter("stages.annotate.time.lognormal.sigma", 0.5, 0.46, 0.54, 400, "REML"),
            Parameter("stages.annotate.labels_per_item", 3, 3.0, 3.0, 133, "median", "labels"),
            Parameter("pools.annotators.headcount", 6, None, None, 2, "peak", "workers"),
        ),
        assumptions=(Assumption("work.items.difficulty.spread", 0.8, "no item has two answers"),),
        notes=("Stamps cover a page of 10 units.",),
        sources=(Source(name, "a" * 64, "mturk", 420),),
        rows_read=420,
        rows_used=400,
        refused=(Refusal("finish before start", 20, f"{name}, row 12"),),
        set_apart=(Refusal("left open (idle)", 7, f"{name}, row 40"),),
        counts={"items": 133, "workers": 20},
        answer={name: "Answer.label: the only column of few values"},
        digest="d" * 64,
        first="2024-03-04T08:00:00+00:00",
        last="2024-03-08T17:30:00+00:00",
        scenario={},
        evidence=Evidence(
            log_seconds=logs,
            qq=np.column_stack([np.linspace(-2.5, 2.5, 50), np.linspace(-2.4, 2.7, 50)]),
            concurrent=concurrent,
            on_shift=np.nan_to_num(concurrent).round().astype(np.int64),
            worker_seconds=seconds,
            worker_accuracy=accuracy if gold else accuracy.iloc[:0],
            items_per_day=pd.DataFrame({"day": ["2024-03-04", "2024-03-06"], "items": [100, 33]}),
        ),
        log=Log(empty, empty, empty, provenance),
    )


def text_of(page: str) -> str:
    """Text of a page, white space made one space."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(page)
    return re.sub(r"\s+", " ", " ".join(words))


def test_the_page_tells_what_was_read_refused_fitted_and_assumed() -> None:
    """Every row is accounted for, every number has its interval or says why not, every guess is called one."""
    words = text_of(fit_report(made()))
    assert "A typical worker of annotators takes 40 s a unit (95% interval 34.6 to 46.2 s)." in words
    assert "400 of 420 rows were used, from 4 Mar 2024 08:00 to 8 Mar 2024 17:30 (UTC)." in words
    assert "finish before start 20 batch.csv, row 12" in words
    assert "left open (idle) 7 batch.csv, row 40" in words
    assert "6 workers the data allow none 2" in words
    assert "3 labels 3 labels 133" in words
    assert "no item has two answers 0.8" in words
    assert "assumed" in words
    assert "Stamps cover a page of 10 units." in words
    assert "62.0% 57.0 to 67.0% 400" in words


def test_the_page_is_complete_in_itself_and_the_same_again() -> None:
    """No address outside it, a policy that forbids loading, equal bytes for equal fits, small."""
    page = fit_report(made())
    assert page == fit_report(made())
    assert "://" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img|iframe)\b", page)
    assert len(page.encode()) < 500_000
    assert page.count('role="img"') == 2 * page.count("<figure>") == 8


def test_file_names_cannot_break_out() -> None:
    """A file's name is text."""
    page = fit_report(made(name=HOSTILE))
    assert "<script" not in page
    assert HOSTILE in text_of(page)


def test_without_test_questions_no_accuracy_is_claimed() -> None:
    """The page says that accuracy cannot be fitted, and draws none."""
    words = text_of(fit_report(made(gold=False)))
    assert "There are no test questions" in words
    assert "are right." not in words
    assert "test questions right" not in words


def test_families_have_words_of_their_own() -> None:
    """Where times are no plain lognormal, the page gives the median of the family that they have, and how much practice
    takes off it: of two kinds of task half and half at 20 and 80 s, alike in spread, the median is 40 s."""
    fit = made()
    other = tuple(p for p in fit.parameters if ".time." not in p.path)
    start = "stages.annotate.time.mixture"
    values = {"median": 20.0, "sigma": 0.3, "share": 0.5, "other_median": 80.0, "other_sigma": 0.3}
    mixed = (*other, *(Parameter(f"{start}.{name}", value, None, None, 400, "ML") for name, value in values.items()))
    learnt = (*mixed, Parameter("pools.annotators.learning.exponent", 0.152, 0.1, 0.2, 400, "within"))
    assert "takes 40 s a unit." in text_of(fit_report(replace(fit, parameters=mixed)))
    words = text_of(fit_report(replace(fit, parameters=learnt)))
    assert "takes 40 s for a first unit; each doubling of the units done before takes 10.0% off." in words
    assert fit_figures.family(replace(fit, parameters=other)) == "lognormal"


def test_a_fit_of_one_page_has_a_report() -> None:
    """One page, one worker, one day, no spread: a page all the same."""
    fit = made(gold=False)
    evidence = replace(
        fit.evidence,
        log_seconds=fit.evidence.log_seconds[:1],
        qq=np.zeros((0, 2)),
        worker_seconds=fit.evidence.worker_seconds.iloc[:1],
        items_per_day=fit.evidence.items_per_day.iloc[:1],
    )
    page = fit_report(replace(fit, evidence=evidence, parameters=fit.parameters[2:3], notes=(), refused=()))
    assert "No row was refused." in page


def test_the_file_is_written_whole(tmp_path: Path) -> None:
    """The report lands in one step."""
    write_fit_report(tmp_path / "fit.html", made())
    assert (tmp_path / "fit.html").read_text(encoding="utf-8") == fit_report(made())
    assert [each.name for each in tmp_path.iterdir()] == ["fit.html"]
