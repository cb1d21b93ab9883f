"""Pages of saved runs and answers for their readers, as a user types it: what is written, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small import PLAN
from typed import labelcast

from labelcast.answers import pages

Captured = pytest.CaptureFixture[str]

OTHER = "extends: plan.yaml\nname: other\npools: {team: {headcount: 2, pay: {hourly: 19 EUR}}}\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a saved run, and saved answers of a comparison, a budget and a bottleneck."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "other.yaml").write_text(OTHER)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in (
            ("run", "plan.yaml", "-n", 3), ("compare", "plan.yaml", "other.yaml", "-n", 4),
            ("budget", "plan.yaml", "-n", 3, "--months", 2), ("bottleneck", "plan.yaml", "-n", 3),
        ):  # fmt: skip
            assert labelcast(patch, *command, "--processes", 1, "--save", "runs") == 0
    return folder


@pytest.fixture(autouse=True)
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.delenv("LABELCAST_RUNS", raising=False)


def report(monkeypatch: pytest.MonkeyPatch, *typed: object) -> int:
    return labelcast(monkeypatch, "report", *typed, "--processes", 1)


@pytest.mark.parametrize(
    ("run", "reader", "told"),
    [
        ("plan", "manager", "plan delivers 60 items"),
        ("plan", "finance", "plan, 2027-01 to 2027-12:"),
        ("plan", "lead", "team"),
        ("compare-", "manager", "Cheapest: "),
        ("compare-", "finance", "other, 2027-01 to 2027-12:"),
        ("compare-", "lead", "The line for its lead: <bdi>plan</bdi>"),
        ("budget-", "finance", "plan, 2027-01 to 2027-02:"),
        ("bottleneck-", "lead", "team"),
    ],
)
def test_each_has_its_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: str, reader: str, told: str) -> None:
    """A run and a comparison have a page for each reader, a budget for finance, a bottleneck for a lead."""
    out = tmp_path / "page.html"
    assert report(monkeypatch, run, "--for", reader, "--out", out) == 0
    assert told in out.read_text()


def test_a_leads_page_is_of_one_set_of_replications(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of three that were saved ten are made, for what is told of the line and of each change alike."""
    out = tmp_path / "page.html"
    assert report(monkeypatch, "plan", "--for", "lead", "--out", out) == 0
    page = out.read_text()
    assert "<td>1</td><td>10</td>" in page
    assert "30 runs" not in page


def test_a_page_comes_out_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is simulated for a page is on the run's own seed: the same bytes each time."""
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for out in pages:
        assert report(monkeypatch, "plan", "--for", "lead", "--out", out) == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_what_may_be_otherwise_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A range gives the manager's page what the answer hangs on, and of two plans where they cost the same; and each
    picture as a file."""
    out, figures = tmp_path / "page.html", tmp_path / "figures"
    over = ("--over", "pools.team.pay.hourly=15 EUR..30 EUR")
    assert report(monkeypatch, "compare-", "--for", "manager", "--out", out, "--figures", figures, *over) == 0
    page = out.read_text()
    assert "What would change this answer" in page
    assert "Where plan and other cost the same" in page
    names = {path.name for path in figures.iterdir()}
    assert {"frontier.svg", "tornado.png", "break-even.png", "burn-up.svg"} <= names


def test_a_manager_reads_of_all_plans_and_goals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    """Of three plans: who keeps all goals at once, what hangs on a key that the baseline has not, and the same
    differences above and below, as all was moved on the runs that were compared."""
    goals = "goals: {budget: 31 EUR, deadline: 2027-01-05}\n"
    (tmp_path / "plan.yaml").write_text(PLAN + goals)
    for name, price in (("dear", "0.60"), ("cheap", "0.40")):
        pay = f"pools: {{firm: {{headcount: 3, calendar: always, pay: {{per_label: {price} EUR}}}}}}"
        (tmp_path / f"{name}.yaml").write_text(
            f"extends: plan.yaml\nname: {name}\n{pay}\nstages: {{annotate: {{pools: [firm]}}}}\n"
        )
    monkeypatch.chdir(tmp_path)
    plans = ("plan.yaml", "dear.yaml", "cheap.yaml")
    assert labelcast(monkeypatch, "compare", *plans, "-n", 12, "--processes", 1, "--save", "runs") == 0
    capsys.readouterr()
    assert report(monkeypatch, "compare-", "--for", "manager", "--out", tmp_path / "page.html") == 0
    page = (tmp_path / "page.html").read_text()
    kept = "Likeliest to keep all goals at once: cheap 100% (75% to 100%); plan 50% (25% to 75%); dear 0% (0% to 25%)."
    assert kept in page
    failing = (
        "What may fail: plan exceeds 31 EUR in 50% (25% to 75%) of runs; dear exceeds 31 EUR in 100% (75% to 100%) of"
    )
    failing += " runs; cheap keeps every goal in every run."
    assert failing in page
    assert page.index(kept) < page.index("Cheapest: cheap") < page.index(failing) < page.index("<figure>")
    assert "cannot tell cheap and" not in page
    assert "12 runs of each plan." in page
    assert re.search('<th scope="row">(<bdi>)?all goals at once', page)
    part = page[page.index("What would change this answer") : page.index("What this rests on")]
    assert "How cost of dear less that of plan changes at either end; the picture has it whole." in part  # the nearer
    means = "Mean cost, and finish in 8 of 10 runs: plan "
    assert re.search(
        means + r"30\.\d+ ± \d\.\d+ EUR, done by Mon 4 Jan; dear 36\.00 ± 0\.00 EUR, done by Mon 4 Jan; ", page
    )
    assert "firm: price, a label</bdi>" in part  # which the plans say differently, and the baseline not at all
    assert "x0.8" in part
    assert "dear costs 5.79 EUR more than plan." in part
    pairs = page[page.index("Pair by pair") : page.index("What would change this answer")]
    assert "dear costs 5.8 EUR more than plan (" in pairs
    assert "12 runs of each" in part
    assert "items: items at the start (work.items.backlog); " in part
    assert "cheap keeps: finish by 5 Jan 2027 on average; cost at most 31.00 EUR on average." in part


def test_what_is_moved_is_said_to_be_of_fewer_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    """Where all replications with every change would take too long, the first of them are made again, and that is
    said."""
    monkeypatch.setattr(pages, "WORK", 100)
    monkeypatch.setattr(pages, "FEWEST", 2)
    out = tmp_path / "page.html"
    assert report(monkeypatch, "compare-", "--for", "manager", "--out", out) == 0
    assert "Each change was made to the first 2 of the 4 runs above" in out.read_text()


def test_finance_is_told_that_ranges_stand_at_their_medians(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    """A run takes what may be for what it is in the middle: its page says so, and that of a plan without ranges does
    not."""
    tool = "changes: [{on: 2027-01-04T09:10, why: tool, path: stages.annotate.time, factor: 0.6..0.9}]"
    (tmp_path / "plan.yaml").write_text(f"{PLAN}{tool}\n")
    monkeypatch.chdir(tmp_path)
    assert labelcast(monkeypatch, "run", "plan.yaml", "-n", 2, "--processes", 1, "--save", "runs") == 0
    assert report(monkeypatch, "plan", "--for", "finance", "--out", tmp_path / "page.html") == 0
    told = "stands at its median in these runs (changes stages.annotate.time 2027-01-04T09:10 tool factor)"
    assert told in (tmp_path / "page.html").read_text()
    (tmp_path / "plan.yaml").write_text(f"{PLAN}{tool.replace('0.6..0.9', '0.7')}\n")
    assert labelcast(monkeypatch, "run", "plan.yaml", "-n", 2, "--processes", 1, "--save", "certain") == 0
    capsys.readouterr()
    assert report(monkeypatch, "plan", "--for", "finance", "--out", tmp_path / "page.html", "--runs", "certain") == 0
    assert "stands at its median" not in (tmp_path / "page.html").read_text()


def test_a_lead_may_name_the_plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured) -> None:
    """Of a comparison the lead's page is of the plan that is named; a name that none has is refused."""
    out = tmp_path / "page.html"
    assert report(monkeypatch, "compare-", "--for", "lead", "--plan", "other", "--out", out) == 0
    assert "The line for its lead: <bdi>other</bdi>" in out.read_text()
    assert report(monkeypatch, "compare-", "--for", "lead", "--plan", "third", "--out", out) == 2
    assert "none of the plans is 'third' (there are: plan, other)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("plan", "--for", "ceo"), "--for 'ceo': must be one of manager, finance, lead"),
        (("plan", "--for", "lead", "--stress"), "--for and --stress are both said"),
        (("plan", "--figures", "f"), "--figures: belongs to --for"),
        (("plan", "--plan", "x"), "--plan: belongs to --for"),
        (("budget-", "--for", "lead"), "the page for lead is of a run, a compare or a bottleneck"),
        (("plan", "--for", "lead", "--over", "a=1..2"), "--over: is for the manager's page"),
        (("plan", "--for", "manager", "--plan", "plan"), "--plan: says of which plan of a comparison"),
        (("plan", "--for", "manager", "--over", "nonsense"), "--over: must be a key and its range"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured, typed: tuple[str, ...], told: str
) -> None:
    """Exit code 2, the rule, and no page."""
    out = tmp_path / "page.html"
    assert report(monkeypatch, *typed, "--out", out) == 2
    assert told in capsys.readouterr().err
    assert not out.exists()


def test_a_page_is_html(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured) -> None:
    """Another ending is refused before anything is simulated."""
    assert report(monkeypatch, "plan", "--for", "lead", "--out", tmp_path / "page.pdf") == 2
    assert "Name it" in capsys.readouterr().err


def test_what_would_change_begins_with_the_plan_of_the_headline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    """The likeliest to keep all goals costs 27 EUR of 31: its budget turns with its price, and that is told before what
    it costs less than the other."""
    (tmp_path / "plan.yaml").write_text(PLAN + "goals: {budget: 31 EUR, deadline: 2027-01-05}\n")
    pay = "pools: {firm: {headcount: 3, calendar: always, pay: {per_label: 0.45 EUR}}}"
    stages = "stages: {annotate: {pools: [firm]}}"
    (tmp_path / "firm.yaml").write_text(f"extends: plan.yaml\nname: firm\n{pay}\n{stages}\n")
    monkeypatch.chdir(tmp_path)
    assert (
        labelcast(monkeypatch, "compare", "plan.yaml", "firm.yaml", "-n", 12, "--processes", 1, "--save", "runs") == 0
    )
    capsys.readouterr()
    assert report(monkeypatch, "compare-", "--for", "manager", "--out", tmp_path / "page.html") == 0
    page = (tmp_path / "page.html").read_text()
    part = page[page.index("What would change this answer") : page.index("What this rests on")]
    places = [
        part.index(one)
        for one in (
            "No plan keeps all its goals more often than firm; one does with",
            "firm keeps 31 EUR on average (cost 27.00 EUR", "firm costs 3.", "plan keeps 31",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    top = page[: page.index("The plans side by side")]
    assert re.search("What would make another plan likelier than firm, each alone: .* at 0.54 EUR \\(plan\\)", top)
