"""`labelcast quality`: what it prints, writes and refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typed import labelcast


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain CSV file: 12 workers, 120 items of three classes, 3 labels each, all of known truth; hard and easy items.

    Worker w0 is often wrong; a blank label and a label given twice stand at the end."""
    luck = np.random.default_rng(5)
    rows = []
    for i in range(120):
        truth, wrong, chance = luck.integers(3), luck.integers(1, 3), luck.choice([0.95, 0.6])
        for w in luck.choice(12, 3, replace=False):
            right = luck.random() < (0.3 if w == 0 else chance)
            rows.append((f"w{w}", f"i{i}", "abc"[truth if right else (truth + wrong) % 3], "abc"[truth]))
    rows += [("w1", "i0", "", "a"), (*rows[0][:2], "c", rows[0][3])]
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    pd.DataFrame(rows, columns=["worker", "item", "label", "gold"]).to_csv(path, index=False)
    return path


def quality(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Runs the command; its exit code."""
    return labelcast(monkeypatch, "quality", *words)


def test_what_is_printed_and_what_json_says_are_one(
    labels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fourteen rules with costs, every worker, the rows left out with their places; the text is plain ASCII."""
    assert quality(monkeypatch, labels, "--price", "0.04 EUR") == 0
    text = capsys.readouterr().out
    assert text.isascii()
    assert "left out: 1 x no label (first: labels.csv, row 362)" in text
    assert (
        "left out: 1 x the same worker labelled the item before: the first counts (first: labels.csv, row 363)" in text
    )
    assert quality(monkeypatch, labels, "--price", "0.04 EUR", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["labels"] == 360
    assert told["items_of_known_truth"] == 120
    accuracy = told["accuracy"]
    assert len(accuracy["forecasts"]) == 14
    for one in accuracy["forecasts"]:
        assert 0 <= one["low"] <= one["accuracy"] <= one["high"] <= 1
        assert one["cost"] == pytest.approx(0.04 * one["labels"])
        assert one["rule"] in text
    assert {one["worker"] for one in accuracy["workers"]} == {f"w{w}" for w in range(12)}
    worst = min(accuracy["workers"], key=lambda one: one["accuracy"])
    assert worst["worker"] == "w0"
    three = next(one for one in accuracy["forecasts"] if one["rule"] == "majority of 3")
    assert three["low"] <= three["observed"] <= three["high"]
    assert three["independent"] > three["accuracy"]
    assert np.array(accuracy["confusion"]).sum() == 360
    one, two = accuracy["forecasts"][:2]  # two labels, ties by lot, are as often right as one, and no surer
    assert two["accuracy"] == pytest.approx(one["accuracy"], abs=0.01)
    assert two["high"] - two["low"] == pytest.approx(one["high"] - one["low"], rel=0.35)


def test_the_report_is_one_file_with_every_worker(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page loads nothing, names what was read, and equal labels give equal bytes."""
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for page in pages:
        assert quality(monkeypatch, labels, "--report", page) == 0
    text = pages[0].read_text(encoding="utf-8")
    assert text == pages[1].read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!#)", text)
    assert text.count("<svg") == 6
    assert all(f"<bdi>w{w}</bdi>" in text for w in range(12))
    assert "labels.csv, row 362" in text


def test_gold_of_another_file_wins(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --gold only its items have a known truth; under a hundred, intervals are widened, and it is said."""
    gold = tmp_path / "gold.csv"
    table = pd.read_csv(labels).drop_duplicates("item").head(30)
    table[["item", "gold"]].to_csv(gold, index=False)
    assert quality(monkeypatch, labels, "--gold", gold, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["items_of_known_truth"] == 30
    assert told["accuracy"]["intervals_widened"] > 1
    assert any("fewer than 100" in note for note in told["notes"])


def test_without_truths_accuracy_is_refused_and_agreement_told(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No item has a known truth: no accuracy anywhere, alpha with its interval, and why; the page says so too."""
    bare, page = tmp_path / "bare.parquet", tmp_path / "bare.html"
    pd.read_csv(labels).dropna(subset=["label"])[["worker", "item", "label"]].to_parquet(bare)
    assert quality(monkeypatch, bare, "--json", "--report", page) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["accuracy"] is None
    assert told["agreement"]["alpha"]["value"] is not None
    assert any("No item has a known truth" in note for note in told["notes"])
    assert "how often they are right cannot be told" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words", "code", "told"),
    [
        ("worker,item\nw,i\n", [], 3, "worker, item and label"),
        ("worker,item,label\n,i,\n", [], 3, "no row has a worker, an item and a label"),
        ("worker,item,label\nw,i,a\n", ["--price", "4 groats"], 2, "--price"),
        ("worker,item,label\nw,i,a\n", ["--gold", "gold.csv"], 3, "none of its 1 items"),
        ("worker,item,label\nw,i,a\nw,j\n", [], 3, "row 3 has not as many fields as the header"),
    ],
)
def test_refusals_say_where_and_how_to_mend(
    text: str,
    words: list[str],
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file or word that cannot be used is named, with what was found; no traceback, and the right exit code."""
    monkeypatch.chdir(tmp_path)
    Path("labels.csv").write_text(text, encoding="utf-8")
    Path("gold.csv").write_text("item,gold\nk,a\n", encoding="utf-8")
    assert quality(monkeypatch, "labels.csv", *words) == code
    assert told in capsys.readouterr().err


def test_nobody_right_costs_no_division_by_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where every label is wrong, a correct one has no price, and a page and a table still come out."""
    rows = [(f"w{w}", f"i{i}", "a", "b") for i in range(40) for w in range(3)]
    path = tmp_path / "wrong.csv"
    pd.DataFrame(rows, columns=["worker", "item", "label", "gold"]).to_csv(path, index=False)
    assert quality(monkeypatch, path, "--price", "1 EUR", "--report", tmp_path / "page.html") == 0
    assert "majority of 3" in capsys.readouterr().out
