"""Labels and gold from files say the same whatever file they stand in; what cannot be used is refused or counted."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from labelcast.calibration.export import write_export
from labelcast.calibration.workers.labelled import Labelled
from labelcast.calibration.workers.reading import read_labels
from labelcast.sim.errors import DataRefused
from labelcast.sim.store import write_log

TABLE = pd.DataFrame(
    {
        "worker": ["ann", "bob", "ann", "bob"],
        "item": [10, 10, 9, 9],
        "label": [1, 2, 1, 1],
        "gold": [1, 1, None, None],
        "at": ["2026-01-01 10:00", "2026-01-01 09:00", "2026-01-02 10:00", "2026-01-03 10:00"],
    }
)


def said(data: Labelled) -> tuple[set[tuple[str, str, str]], dict[str, str]]:
    """(worker, item, label) of all labels, and the known truths."""
    rows = zip(data.worker, data.item, data.label, strict=True)
    truths = {item: data.classes[t] for item, t in zip(data.items, data.truth, strict=True) if t >= 0}
    return {(data.workers[w], data.items[i], data.classes[c]) for w, i, c in rows}, truths


def saved(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


ROWS = {("ann", "10", "1"), ("bob", "10", "2"), ("ann", "9", "1"), ("bob", "9", "1")}


def test_csv_gz_and_parquet_say_the_same(tmp_path: Path) -> None:
    """One table as CSV, as gz, as Parquet, with an index of items, and with a label column that a blank made float."""
    TABLE.to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    TABLE.to_parquet(tmp_path / "a.parquet")
    TABLE.set_index("item").to_parquet(tmp_path / "b.parquet")
    TABLE.astype({"label": "float64", "item": "float64"}).to_csv(tmp_path / "f.csv", index=False)
    for name in ("a.csv", "a.csv.gz", "a.parquet", "b.parquet", "f.csv"):
        data = read_labels([tmp_path / name]).data
        assert said(data) == (ROWS, {"10": "1"}), name
        assert data.at.tolist() == [1_767_261_600_000, 1_767_258_000_000, 1_767_348_000_000, 1_767_434_400_000], name


def test_a_gold_file_wins(tmp_path: Path) -> None:
    """Truths of the gold file are taken, those of the table are not; items that nobody labelled are told."""
    TABLE.to_csv(tmp_path / "a.csv", index=False)
    for text in ("item,gold\n9,2\n11,1\n", "Item , Truth\n9,2.0\n11,1.0\n", "item,label\n9,2\n11,1\n"):
        found = read_labels([tmp_path / "a.csv"], saved(tmp_path / "g.csv", text))
        assert said(found.data)[1] == {"9": "2"}
        assert any("1 items of g.csv were not labelled" in note for note in found.notes)


def test_gold_that_contradicts_itself_is_none(tmp_path: Path) -> None:
    """Two truths of one item, in a gold file or in the table: it has none, and a note shows both."""
    TABLE.assign(gold=["1", "2", "1", None]).to_csv(tmp_path / "a.csv", index=False)
    found = read_labels([tmp_path / "a.csv"])
    assert said(found.data)[1] == {"9": "1"}
    assert "1 items have two truths or more, and are taken to have none: '10' has '1', '2'." in found.notes


def test_what_is_left_out_is_counted_with_its_first_row(tmp_path: Path) -> None:
    """Blank workers, items and labels, and second labels of a worker: by reason, with the row of a spreadsheet."""
    text = "worker,item,label\nann,1,x\n,1,x\nbob,,x\nbob,1, \nann,1,y\ncy,1,z\n"
    found = read_labels([saved(tmp_path / "a.csv", text)])
    assert said(found.data)[0] == {("ann", "1", "x"), ("cy", "1", "z")}
    assert {one.reason.split(":")[0]: (one.rows, one.first) for one in found.left_out} == {
        "no worker": (1, "a.csv, row 3"),
        "no item": (1, "a.csv, row 4"),
        "no label": (1, "a.csv, row 5"),
        "the same worker labelled the item before": (1, "a.csv, row 6"),
    }


def test_a_truth_that_nobody_gave_is_told(tmp_path: Path) -> None:
    """A class that is only a truth is a class, and a note names it."""
    found = read_labels([saved(tmp_path / "a.csv", "worker,item,label,gold\na,1,x,z\nb,1,y,z\n")])
    assert found.data.classes == ("x", "y", "z")
    assert any("Nobody gave the label 'z'" in note for note in found.notes)


def test_times_of_several_files_are_one_order(tmp_path: Path) -> None:
    """Moments of two files are compared, not their ranks in each; with some missing none is used; a note says so."""
    head = "worker,item,label,at\n"
    late = saved(tmp_path / "late.csv", head + "ann,1,x,2026-03-01\nann,2,x,2026-03-02\n")
    early = saved(tmp_path / "early.csv", head + "ann,3,x,2026-01-01\n")
    at = read_labels([late, early]).data.at
    assert at.argmin() == 2
    blank = saved(tmp_path / "blank.csv", head + "ann,4,x,\nann,5,x,soon\n")
    found = read_labels([late, blank])
    assert found.data.at is None
    assert any("2 of 4 are blank or neither" in note and "blank.csv, row 2" in note for note in found.notes)
    steps = saved(tmp_path / "steps.csv", head + "ann,6,x,1.5\nann,7,x,0.5\n")
    assert read_labels([steps]).data.at.tolist() == [1, 0]
    assert read_labels([late, steps]).data.at is None


def test_exports_and_logs_are_read(tmp_path: Path, line: Callable, truth: type) -> None:
    """A log, and the export of the same line: as many labels, the same truths of the same test questions."""
    log = line(truth(headcount=4, items=60, labels_per_item=3, gold=0.5), 2)
    write_log(tmp_path / "log.parquet", [log])
    write_export(log, tmp_path / "cf.csv")
    of_log, of_export = read_labels([tmp_path / "log.parquet"]), read_labels([tmp_path / "cf.csv"])
    assert of_log.sources[0].format == "labelcast"
    assert of_export.sources[0].format == "crowdflower"
    golden = int(log.items["gold"].sum())
    for found in (of_log, of_export):
        assert len(found.data.label) == len(log.tasks)
        assert (found.data.truth >= 0).sum() == golden
        assert found.data.at is not None
    right = [(d.data.judged().label == d.data.judged().truth[d.data.judged().item]).mean() for d in (of_log, of_export)]
    assert right[0] == right[1]


REFUSED = {
    "a.csv: row 1 is the header of no format.*A plain file has the columns worker, item and label": "who,what\na,b\n",
    "a.csv: row 3 has not as many fields as the header.*Quote values": "worker,item,label\na,1,x\na,2,x,y\na,3,x\n",
    "a.csv: no row has a worker, an item and a label": "worker,item,label\na,1,\n",
    "a.csv: it has the column label more than once": "worker,item,label,Label\na,1,x,y\n",
    "a.csv: the file is empty": "",
    "a.csv: row 1 is the header, and there is no row below": "worker,item,label\n",
}


@pytest.mark.parametrize("message", REFUSED)
def test_refusals_say_where_what_and_how_to_mend(message: str, tmp_path: Path) -> None:
    """The file, the rule, what was found, how to mend it."""
    with pytest.raises(DataRefused, match=message):
        read_labels([saved(tmp_path / "a.csv", REFUSED[message])])


def test_gold_files_are_refused_by_name(tmp_path: Path) -> None:
    """No column of truths; no item in common; a file that is not there; half a Parquet file; no file at all."""
    TABLE.to_csv(tmp_path / "a.csv", index=False)
    for text, message in {
        "item,answer\n9,1\n": r"g\.csv: a gold file needs a column item, and one of gold, truth, label; it has item",
        "item,gold\nnine,1\n": "g.csv: none of its 1 items is among those.*Items need the same names in both files",
    }.items():
        with pytest.raises(DataRefused, match=message):
            read_labels([tmp_path / "a.csv"], saved(tmp_path / "g.csv", text))
    with pytest.raises(DataRefused, match=r"none\.csv: cannot be read"):
        read_labels([tmp_path / "none.csv"])
    (tmp_path / "half.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataRefused, match=r"half\.parquet: it is no Parquet file, or only a part"):
        read_labels([tmp_path / "half.parquet"])
    with pytest.raises(DataRefused, match="No file was given"):
        read_labels([])


def test_an_answer_that_gold_accepts_is_right(tmp_path: Path) -> None:
    """Where a platform's gold accepts several answers, another than the truth counts as it, and a note says so."""
    head = "_unit_id,_created_at,_golden,_id,_missed,_started_at,_tainted,_worker_id,x,x_gold\n"
    rows = [
        f'1,1/5/2026 09:0{n}:40,true,{n},,1/5/2026 09:0{n}:00,false,w{n},{label},"lion\ncat"\n'
        for n, label in enumerate(["cat", "cat", "lion", "dog"])
    ]
    found = read_labels([saved(tmp_path / "a.csv", head + "".join(rows))])
    data = found.data
    assert (data.label == data.truth[data.item]).tolist() == [True, True, True, False]
    assert any("another answer that gold accepts" in note for note in found.notes)
