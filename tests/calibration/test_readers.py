"""What the readers make of rows whose meaning was worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from labelcast.calibration.readers.recognise import read
from labelcast.calibration.readers.stamps import moments

CF = "_unit_id,_created_at,_golden,_id,_missed,_started_at,_tainted,_worker_id,"


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("12/24/2012 13:41:45", "2012-12-24 13:41:45"),
        ("1/2/2013 3:04", "2013-01-02 03:04:00"),
        ("1/2/2013 12:04:05 AM", "2013-01-02 00:04:05"),
        ("Wed Oct 25 06:27:55 PDT 2017", "2017-10-25 13:27:55"),
        ("Wed Nov 08 06:27:55 PST 2017", "2017-11-08 14:27:55"),
        ("Thu Jan  4 06:27:55 GMT 2018", "2018-01-04 06:27:55"),
        ("Thu Jan 04 06:27:55 GMT+05:30 2018", "2018-01-04 00:57:55"),
        ("2017-10-02 16:39:18 UTC", "2017-10-02 16:39:18"),
        ("2017-10-02T16:39:18.250Z", "2017-10-02 16:39:18.250"),
        ("1506962358", "2017-10-02 16:39:18"),
        ("1506962358250", "2017-10-02 16:39:18.250"),
        ("2017-10-02T16:39:18+02:00", "2017-10-02 14:39:18"),
    ],
)
def test_stamps_are_read_as_worked_out_by_hand(stamp: str, moment: str) -> None:
    """Each way in which the platforms write a time, in UTC."""
    when, why = moments(pd.Series([stamp, ""], dtype="str"))
    assert when[0] == pd.Timestamp(moment)
    assert pd.isna(why[0])
    assert why[1] == "none"


@pytest.mark.parametrize(
    "stamp", ["Wed Oct 25 06:27:55 IST 2017", "2/30/2017 10:00:00", "10:00", "2017", "٣/1/2017 10:00:00"]
)
def test_doubtful_stamps_are_refused(stamp: str) -> None:
    """An ambiguous zone name, a day that no month has, half a stamp: a reason, and no moment."""
    when, why = moments(pd.Series([stamp], dtype="str"))
    assert pd.isna(when[0])
    assert isinstance(why[0], str)


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Paris"])
def test_many_stamps_are_read_as_few_are(timezone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read all at once or one by one, a stamp is the same moment, or is refused for the same reason."""
    text = pd.Series(
        ["2012-01-02 07:00:00+00:00", "2012-01-02T07:00:00.123456Z", "2012-01-02T07:00:60Z", "2012-02-30T07:00:00Z",
         "2022-10-14 21:28:27.999000+0000", "2022-10-14 21:28:27", "2012-01-02T07:00:00.1299999999999Z", "", None,
         "0000-01-01T00:00:00Z", "2012-01-02T07:00:00+99:00", "9999-01-02T07:00:00Z", "2012-01-02 24:00:00",
         "2012-01-02T07:00:00-05:00", "1/5/2026 09:00:40", "1/5/2026 25:00:40", " 1767603600 ", "0001-01-01 00:00:00",
         "2026-03-29 02:30:00", "2026-10-25 02:30:00", "Wed Oct 25 06:27:55 PDT 2017"], dtype="str",
    )  # fmt: skip
    few = moments(text, timezone)
    monkeypatch.setattr("labelcast.calibration.readers.stamps.FEW", 0)
    many = moments(text, timezone)
    pd.testing.assert_series_equal(few[0], many[0])
    pd.testing.assert_series_equal(few[1], many[1])
    assert few[0].notna().sum() == 12


def crowdflower(tmp_path: Path, columns: str, *rows: str) -> pd.DataFrame:
    lines = [f"{unit},1/5/2026 09:0{n}:40,{golden},{n},{missed},1/5/2026 09:0{n}:00,{tainted},w{n},{rest}"
             for n, (unit, golden, missed, tainted, rest) in enumerate(r.split("|", 4) for r in rows)]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text(CF + columns + "\n" + "\n".join(lines) + "\n")
    return read([path]).judgements


def test_gold_accepts_any_of_its_lines(tmp_path: Path) -> None:
    """X_gold holds accepted answers one a line, whatever their case; the truth is the one given most often."""
    table = crowdflower(
        tmp_path, "x,x_gold",
        '1|true||false|Cat,"Lion\ncat"', '1|true|true|false|dog,"Lion\ncat"', "2|false||false|dog,",
    )  # fmt: skip
    assert table["correct"].tolist() == [True, False, pd.NA]
    assert table["gold"].dropna().str.lower().unique().tolist() == ["cat"]
    assert table["label"].tolist() == ["cat", "dog", "dog"]


def test_missed_decides_where_labels_cannot(tmp_path: Path) -> None:
    """Blank answers (texts taken out) and several ticks in one cell: _missed says whether the worker was right;
    "false" and empty both mean that they did not fail."""
    rows = ["1|true|true|false|,cat", "1|true|false|false|,cat", "1|true||false|,cat", "2|false||false|,"]
    blank = crowdflower(tmp_path, "x,x_gold", *rows)
    assert blank["correct"].tolist() == [False, True, True, pd.NA]
    assert blank["label"].isna().all()
    both = '"cat\ndog","cat\nlion"'
    ticks = crowdflower(
        tmp_path, "x,x_gold", f"1|true|true|false|{both}", f"2|true||false|{both}", "3|false||false|cat,"
    )
    assert ticks["correct"].tolist() == [False, True, pd.NA]
    assert ticks["label"][0] == "cat | dog"


def test_the_label_is_the_answer_with_known_truth(tmp_path: Path) -> None:
    """Of two answers with a gold column, the one whose gold is filled is the label; inputs and comments are not."""
    table = crowdflower(
        tmp_path, "comment,y,y_gold,x,x_gold,url",
        "1|true||false|fine,no,,cat,cat,u1", "1|true||false|,yes,,dog,cat,u1", "2|false||false|ok,no,,cat,,u2",
    )  # fmt: skip
    assert table["label"].tolist() == ["cat", "dog", "cat"]


def test_without_gold_columns_the_answer_is_what_varies_within_a_unit(tmp_path: Path) -> None:
    """An input is the same for all rows of a unit; the answer is not."""
    table = crowdflower(
        tmp_path, "topic,answer", "1|false||false|a,yes", "1|false||true|a,no", "2|false||false|b,yes"
    )  # fmt: skip
    assert table["label"].tolist() == ["yes", "no", "yes"]
    assert table["outcome"].tolist() == ["accepted", "rejected", "accepted"]


def test_more_than_thirty_answers_are_no_classes(tmp_path: Path) -> None:
    """Free text is not modelled as classes, and the reading says so."""
    rows = [f"{n},1/5/2026 09:00:40,false,{n},,1/5/2026 09:00:00,false,w{n},text {n}," for n in range(31)]
    path = tmp_path / "a.csv"
    path.write_text(CF + "x,x_gold\n" + "\n".join(rows) + "\n")
    export = read([path])
    assert export.judgements["label"].isna().all()
    assert export.answer["a.csv"] == "none: x has 31 different answers, more than 30"


def test_mturk_rows(tmp_path: Path) -> None:
    """Every field of an assignment, worked out by hand, comments being no label; and --label by its short name."""
    path = tmp_path / "batch.csv"
    head = "HITId,HITTypeId,Reward,CreationTime,AssignmentId,WorkerId,AssignmentStatus,AcceptTime,SubmitTime,"
    posted, accepted = "Fri Sep 22 06:40:55 PDT 2017", "Fri Sep 22 07:00:00 PDT 2017"
    path.write_text(
        head + "Answer.comment,Answer.sure,Answer.kind\n"
        f"H1,T,$0.15,{posted},A1,W1,Approved,{accepted},Fri Sep 22 07:00:36 PDT 2017,,yes,cat\n"
        f"H1,T,$0.15,{posted},A2,W2,Rejected,{accepted},Fri Sep 22 07:01:36 PDT 2017,hm,,dog\n"
    )
    table = read([path]).judgements
    first = table.iloc[0]
    assert (first["item"], first["worker"], first["project"], first["reward"]) == ("H1", "W1", "T", 0.15)
    assert first["posted_at"] == pd.Timestamp("2017-09-22 13:40:55")
    assert first["submitted_at"] - first["started_at"] == pd.Timedelta(seconds=36)
    assert table["label"].tolist() == ["cat", "dog"]
    assert table["outcome"].tolist() == ["accepted", "rejected"]
    assert table["correct"].isna().all()
    assert read([path], label="sure").judgements["label"].fillna("-").tolist() == ["yes", "-"]


def test_an_answer_may_be_large(tmp_path: Path) -> None:
    """A drawing of a megabyte in one cell is read, and is no class."""
    table = crowdflower(tmp_path, "drawing,x,x_gold", f"1|false||false|{'z' * 1_000_000},cat,", "1|false||false|,dog,")
    assert table["label"].tolist() == ["cat", "dog"]


def test_answers_of_which_none_was_given_twice_are_no_classes(tmp_path: Path) -> None:
    """Five answers that differ say nothing of classes, however few they are; two that differ may."""
    for rows, label in ((5, None), (2, "text 0")):
        lines = [f"{n},1/5/2026 09:00:40,false,{n},,1/5/2026 09:00:00,false,w{n},text {n}," for n in range(rows)]
        path = tmp_path / "a.csv"
        path.write_text(CF + "x,x_gold\n" + "\n".join(lines) + "\n")
        export = read([path])
        assert export.judgements["label"].isna().all() == (label is None)
        assert (export.answer["a.csv"] == "none: x has 5 answers, none of them twice") == (label is None)


def test_a_column_of_classes_goes_before_one_of_comments(tmp_path: Path) -> None:
    """Of answers that all differ and of answers that come again the second are the label, though a row lacks one."""
    lines = [
        f"{n},1/5/2026 09:00:40,false,{n},,1/5/2026 09:00:00,false,w{n},text {n},,{'abab'[n : n + 1]},"
        for n in range(5)
    ]
    path = tmp_path / "a.csv"
    path.write_text(CF + "x,x_gold,y,y_gold\n" + "\n".join(lines) + "\n")
    assert read([path]).judgements["label"].dropna().tolist() == ["a", "b", "a", "b"]
