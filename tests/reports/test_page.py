"""The report is one complete, honest, readable page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from labelcast.reports.page import report, write_report
from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.line import Goal, Line, digest
from labelcast.sim.replicate import Runs

Three = tuple[list[Runs], Comparison]
MakeLine, MakeRuns = Callable[..., Line], Callable[..., Runs]

FETCHING = {"src", "href", "action", "srcset", "poster", "data", "formaction", "ping", "background", "xlink:href"}
"""Attributes that can make a browser ask for something."""


class Page(HTMLParser):
    """Elements with their attributes, and the text between them, as a browser's parser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of a tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """All text, with runs of white space made one space."""
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def text(three: Three) -> str:
    """The report of three scenarios."""
    return report(*three)


@pytest.fixture(scope="module")
def single(one: Runs) -> str:
    """The report of one scenario."""
    return report([one], None)


def test_the_page_refers_to_nothing_outside_itself(text: str) -> None:
    """No address but fragments of the page; no script, no import; a policy that forbids all loading."""
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag not in ("script", "link", "iframe", "object", "embed", "img", "base")
        for name in FETCHING & attributes.keys():
            assert (attributes[name] or "").startswith("#"), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
    assert "://" not in text
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy


def test_every_fragment_points_to_one_element(text: str) -> None:
    """Clip paths and hatches of one figure never take those of another: identifiers are unique, and each is used."""
    page = Page(text)
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    targets = set(re.findall(r"url\(#([^)]+)\)", text)) | {
        (attributes["href"] or "")[1:] for _, attributes in page.elements if "href" in attributes
    }
    assert targets
    assert targets == set(identifiers)


def test_names_cannot_break_out(hostile: list[Runs]) -> None:
    """Script, markup, mathtext and template code in names appear as the text they are, in the page and in figures."""
    text = report(hostile, compare(hostile))
    page = Page(text)
    assert not page.all("script")
    assert not page.all("img")
    assert not page.all("b") or all(not attributes for attributes in page.all("b"))
    assert '<script>alert("in")</script>' in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "</text><img src=x onerror=alert(1)>" in page.text
    assert '"annotate" $a_b$: tasks waiting' in page.text


def test_every_picture_is_told_in_words(text: str) -> None:
    """Each SVG is an image with a label that names every scenario, each figure has a caption."""
    page = Page(text)
    pictures = page.all("svg")
    assert len(pictures) == 2 * len(page.all("figure")) == 2 * len(page.all("figcaption")) == 8
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert all(name in (attributes["aria-label"] or "") for name in ("in-house", "vendor", "mixed"))
        assert attributes["viewbox"]


def test_tables_say_what_their_headers_head(text: str) -> None:
    """Every header cell has a scope, and every table a caption or its region's label."""
    page = Page(text)
    assert page.all("th")
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in page.all("th"))
    assert all(a.get("aria-label") for a in page.all("div") if a.get("class") == "scroll")


def test_the_same_runs_give_the_same_bytes(three: Three, text: str) -> None:
    """No clock, no memory address, no drawing order of chance."""
    assert report(*three) == text


def test_the_page_opens_with_the_verdict(three: Three, text: str, single: str) -> None:
    """A comparison of two opens with its verdict; of more with who keeps all goals and who is the best in what, and has
    its verdicts where it is chosen; one scenario with a sentence of items, days, cost, interval, accuracy."""
    runs, comparison = three
    told = Page(text).text
    places = [told.index(one) for one in ("Likeliest to keep all goals at once: ", "Cheapest: ", "What may fail: ")]
    places += [told.index(one) for one in ("The scenarios side by side", "Which to choose", *comparison.verdicts)]
    assert places == sorted(places)
    two = compare(runs[:2])
    told = Page(report(runs[:2], two)).text
    assert told.index(two.verdicts[0]) < told.index("The scenarios side by side")
    assert "Which to choose" in told
    alone = Page(single).text
    found = re.search(
        r"in-house delivers 600 items in [\d.]+ days \(median; P80 [\d.]+\) for [\d.,]+ EUR "
        r"\(95% interval [\d.,]+ to [\d.,]+\), 96\.\d% right\.",
        alone,
    )
    assert found
    assert found.start() < alone.index("The numbers")


def test_error_and_risk_are_labelled_apart(single: str) -> None:
    """The interval of a mean is called error, percentiles over replications are called risk."""
    words = Page(single).text
    assert "error of the estimate; more replications make it smaller" in words
    assert "This is the risk of the project; more replications do not make it smaller" in words


def test_goals_show_their_chance_with_its_interval(single: str) -> None:
    """p_deadline never stands without its Wilson interval."""
    words = Page(single).text
    assert re.search(r"by 9 Jan 2027: chance \d+% \(\d+% to \d+%\)", words)


def test_a_line_that_does_not_finish_says_so(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """Infinite finishes are words, their mean is withheld, the share left is printed; nothing is called nan or inf."""
    for unfinished in (2, 12):
        words = Page(report([make_runs(make_line(), unfinished=unfinished)], None)).text
        assert f"{unfinished} of 12 replications had undelivered items at the horizon" in words
        assert "withheld" in words
        assert "not finished" in words
        assert "items unfinished at the horizon" in words
        assert not re.search(r"\b(nan|inf)\b", words)
    assert re.search(r"delivers [\d,]+ of 600 items by the horizon, with [\d.]+% left undone, for", words)


def test_what_cannot_be_computed_says_why(one: Runs) -> None:
    """NaN is "not computed" with its reason."""
    changed = dataclasses.replace(one, kpis=one.kpis.assign(on_time=np.nan, accuracy=np.nan))
    words = Page(report([changed], None)).text
    assert "not computed no item has a due date" in words
    assert "not computed no delivered item has a known truth" in words
    assert not re.search(r"\bnan\b", words)


def test_one_replication_has_no_interval_and_still_a_page(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """A single replication gives no half-width, and the page warns."""
    words = Page(report([make_runs(make_line(), replications=1)], None)).text
    assert "Only 1 replications" not in words
    assert "One replication" in words


def test_assumptions_are_marked_by_who_gave_them(single: str) -> None:
    """Defaults of ours and fitted values carry a mark, what the planner wrote carries none."""
    page = Page(single)
    classes = [attributes.get("class") for attributes in page.all("span")]
    assert classes.count("mark default") == 1 + 2
    assert classes.count("mark fitted") == 1 + 2
    assert "written, 2 fitted, 2 default" in page.text


def test_provenance_stands_at_the_foot(three: Three, text: str) -> None:
    """Seed, replications, level, engine and digest of each line, and the version."""
    foot = Page(text[text.index("<footer>") :]).text
    assert all(digest(each.line) in foot for each in three[0])
    assert "12" in foot
    assert "95%" in foot
    assert "fast" in foot
    assert "labelcast 0." in foot


def test_the_page_is_small_whatever_the_horizon(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """Under 500 kB for three scenarios over a year of hours: curves are thinned to what a screen resolves."""
    runs = [make_runs(make_line(name), rate=120 + 20 * i) for i, name in enumerate(("in-house", "vendor", "mixed"))]
    for each in runs:
        for place, curve in enumerate(each.curves):
            hours = np.arange(24 * 364, dtype=np.int64)
            ramp = np.minimum(600, hours * 600 // (24 * (300 + place)))
            each.curves[place] = dataclasses.replace(
                curve, hours=hours, delivered=ramp, waiting=dict.fromkeys(curve.waiting, 600 - ramp)
            )
    assert len(report(runs, compare(runs)).encode()) < 500_000


def test_the_file_is_written_whole(tmp_path: Path, one: Runs, single: str) -> None:
    """The report lands in one step, and nothing else is left beside it."""
    path = tmp_path / "deep" / "report.html"
    write_report(path, [one], None)
    assert path.read_text(encoding="utf-8") == single
    assert [each.name for each in path.parent.iterdir()] == ["report.html"]


def test_percentiles_of_the_page_are_those_of_the_runs(one: Runs, single: str) -> None:
    """The cost's P80 on the page is the one that eight replications in ten do not exceed."""
    cost = np.sort(one.kpis["cost"].to_numpy())
    words = Page(single).text
    (texts,) = re.findall(r"cost, EUR ([\d.,]+) ([\d.,]+) ([\d.,]+) ([\d.,]+)", words)
    shown = [float(text.replace(",", "")) for text in texts]
    assert shown == sorted(shown)
    assert cost[0] - 0.01 <= shown[0] <= shown[-1] <= cost[-1] + 0.01
    assert cost[8] < shown[2] < cost[10]


@pytest.mark.parametrize("mode", ["prefers-color-scheme: dark", "print", "max-width: 640px"])
def test_the_page_suits_dark_screens_paper_and_phones(single: str, mode: str) -> None:
    """Each has its style."""
    assert mode in single


def test_unpaid_work_has_a_page_without_money(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """Where no pool is paid there is no cost: words say so, and no figure of money is drawn."""
    runs = [make_runs(make_line()), make_runs(make_line("vendor"))]
    money = [name for name in runs[0].kpis.columns if name.startswith("cost")]
    free = [
        dataclasses.replace(each, ledger=each.ledger.iloc[:0], kpis=each.kpis.assign(**dict.fromkeys(money, np.nan)))
        for each in runs
    ]
    page = Page(report(free, compare(free)))
    assert "for no money, because no pool is paid" in page.text
    assert "Where the money goes" not in page.text
    assert len(page.all("figure")) == 2
    assert not re.search(r"\bnan\b", page.text)


def test_paid_people_who_did_nothing_have_a_page(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """Where people are paid, and nobody was ever there, the cost is 0 and the budget met; no bar of money is drawn."""
    line = dataclasses.replace(make_line(), goals=(Goal("cost", "<=", 5.0),))
    runs, vendor = make_runs(line), make_runs(make_line("vendor"))
    idle = dataclasses.replace(runs, ledger=runs.ledger.iloc[:0], kpis=runs.kpis.assign(cost=0.0))
    text = Page(report([idle], None)).text
    assert "for 0.00 EUR" in text
    assert re.search(r"Budget .{1,30}: chance 100% \(75% to 100%\)", text)
    assert "no pool is paid" not in text
    assert "Where the money goes" not in text
    both = report([idle, vendor], compare([idle, vendor]))
    assert "Mean cost by activity. in-house: none; vendor: annotate" in both
    assert not re.search(r"\bnan\b", Page(both).text)


def test_a_line_with_nothing_to_do_has_a_page(make_line: MakeLine, make_runs: MakeRuns) -> None:
    """No items: no finish, and the page says that."""
    runs = make_runs(make_line())
    idle = dataclasses.replace(runs, kpis=runs.kpis.assign(finish_days=np.nan, accuracy=np.nan, items_delivered=0.0))
    text = Page(report([idle], None)).text
    assert "delivers 0 items for" in text
    assert not re.search(r"\bnan\b", text)
