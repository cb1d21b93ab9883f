"""The studio in a real browser: what a person does with it, and what they see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PEOPLE = "pools.team.headcount"


def test_an_answer_comes_with_its_error_its_risk_and_how_many_replications_it_rests_on(page: Any) -> None:
    """Law: cost, finish, accuracy and bottleneck are there, each with error and risk; the page has no serious fault."""
    page.open()
    text = page.answered(done=True).inner_text()
    for word in ("cost", "finish", "accuracy", "bottleneck", "mean ± error", "risk, P5 to P95", "20 replications"):
        assert word in text
    page.page.locator("#flow img.across").wait_for()
    assert "annotate" in page.page.locator("#flow img.across").get_attribute("alt")
    assert page.serious() == []


def test_a_lever_moves_the_answer_and_undo_brings_it_back(page: Any) -> None:
    """Law: an answer is of the levers as they stand; undo and redo go back and on."""
    page.open()
    before = page.answered(done=True).inner_text()
    page.slider("team: people").press("ArrowRight")
    moved = page.answered(f"{PEOPLE}=5", done=True).inner_text()
    assert moved != before
    assert f"{PEOPLE}=5" in page.page.url
    page.page.get_by_role("button", name="Undo").click()
    assert page.answered(done=True).inner_text() == before
    page.page.get_by_role("button", name="Redo").click()
    assert page.answered(f"{PEOPLE}=5", done=True).inner_text() == moved


def test_a_link_brings_back_what_was_seen(page: Any) -> None:
    """Law: the address of a page gives the same plan, moves and numbers in another session; what it cannot is told."""
    query = f"?plan=file&{PEOPLE}=6&stages.review.fraction.rest=50"
    text = page.open(query).answered(f"{PEOPLE}=6 stages.review.fraction.rest=50", done=True).inner_text()
    page.open("?plan=in-house")
    again = page.open(query).answered(f"{PEOPLE}=6 stages.review.fraction.rest=50", done=True).inner_text()
    assert again == text
    page.open("?plan=upload-0123")
    assert "no such plan" in page.page.locator("#problems").inner_text()


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_a_narrow_screen_shows_all_without_moving_sideways(page: Any) -> None:
    """Law: at 360 pixels nothing is wider than the screen, and the line runs downwards."""
    page.open()
    page.answered(done=True)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.page.evaluate(
        "[...document.querySelectorAll('.stMain *')].filter(e => e.getBoundingClientRect().right > 361).length"
    )
    assert wide == 0
    page.page.locator("#flow img.down").wait_for()
    assert page.serious() == []


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_a_dark_screen_is_dark_and_can_be_read(page: Any) -> None:
    """Law: the page follows the system to dark, and what it says has contrast there."""
    page.open()
    page.answered(done=True)
    paper = page.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert max(int(one) for one in paper.removeprefix("rgb(").removesuffix(")").split(",")[:3]) < 60
    assert page.serious() == []


def test_files_can_be_taken_home(page: Any, tmp_path: Path) -> None:
    """Law: the scenario that is saved is the plan as moved; the report is a page of it."""
    from labelcast.scenarios.load import load

    page.open(f"?plan=file&{PEOPLE}=6")
    page.answered(f"{PEOPLE}=6", done=True)
    saved = _downloaded(page, "Scenario file", tmp_path)
    assert {pool.name: pool.headcount for pool in load(saved).pools}["team"] == 6
    assert "<html" in _downloaded(page, "Report", tmp_path).read_text()
    assert _downloaded(page, "Workbook", tmp_path).read_bytes().startswith(b"PK")


def _downloaded(page: Any, name: str, folder: Path) -> Path:
    with page.page.expect_download() as found:
        page.page.get_by_role("button", name=name).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def test_two_plans_stand_side_by_side(page: Any) -> None:
    """Law: the plan that was kept and the one on the page are compared on the same luck; the link has both."""
    page.open()
    page.answered(done=True)
    page.page.get_by_role("button", name="Keep this plan").click()
    page.slider("team: people").press("ArrowRight")
    page.answered(f"{PEOPLE}=5")
    page.page.get_by_text("Compare", exact=True).click()
    found = page.page.wait_for_selector('#comparison[data-replications="20"]').inner_text()
    assert "paired" in found
    assert "small line, moved" in found
    assert "team: people 4 → 5" in found
    assert "against=file" in page.page.url
    assert page.serious() == []
    page.open(f"?{page.page.url.partition('?')[2]}")
    assert page.page.wait_for_selector('#comparison[data-replications="20"]').inner_text() == found


def test_a_search_shows_its_frontier_and_a_plan_of_it_can_be_taken_over(page: Any) -> None:
    """Law: plans tried are drawn as soon as there are any, without being asked for; the levers can be moved there."""
    page.open()
    page.answered()
    page.page.get_by_text("Search", exact=True).click()
    page.page.get_by_role("button", name="Start").click()
    page.page.wait_for_selector('#search:not([data-plans="0"]) img')
    assert page.serious() == []
    page.page.wait_for_selector('#search[data-over="true"] table')
    page.page.get_by_role("button", name="Move the levers there").click()
    moves = page.page.wait_for_selector("#answer[data-moves]").get_attribute("data-moves")
    page.answered(moves, done=True)


def test_a_scenario_that_is_dropped_in_is_opened(page: Any) -> None:
    """Law: an upload is the plan on the page, under its own name, with nothing moved; names are shown as they are."""
    page.open(f"?plan=file&{PEOPLE}=6")
    page.answered(f"{PEOPLE}=6")
    page.page.get_by_text("Open a scenario file").click()
    data = (Path(__file__).parent / "line.yaml").read_bytes().replace(b"name: small line", b"name: '<b>mine</b>'")
    upload = {"name": "mine.yaml", "mimeType": "text/plain", "buffer": data}
    page.page.locator('input[type="file"]').set_input_files(upload)  # type: ignore[arg-type]
    page.page.wait_for_function("document.querySelector('#answer')?.innerText.includes('<b>mine</b>')")
    page.answered(done=True)
    assert "plan=upload-" in page.page.url


BAD = (
    ("bad.yaml", b"labelcast: 1\nname: x\npools: {a: {headcont: 3}}\n", ["bad.yaml:3", "headcont", "headcount"]),
    ("../../etc/x.yaml", b"labelcast: 1\nextends: /etc/passwd\n", ["x.yaml:2", "names no other file"]),
    ("<img src=x onerror=alert(1)>.csv", b"a,b\n1,2\n", ["<img src=x onerror=alert(1)>.csv"]),
)


def test_what_cannot_be_used_is_explained_on_the_page(page: Any) -> None:
    """Law: a bad file is told of with its place and how to mend it; nothing of it runs, and there is no traceback."""
    page.open()
    page.page.on("dialog", lambda _: page.heard.errors.append("something of an upload ran"))
    page.page.get_by_text("Open a scenario file").click()
    for name, data, words in BAD:
        upload = {"name": name, "mimeType": "text/plain", "buffer": data}
        page.page.locator('input[type="file"]').set_input_files(upload)  # type: ignore[arg-type]
        text = page.page.wait_for_selector(f"#problems:has-text({json.dumps(words[0])})").inner_text()
        for word in words:
            assert word in text
        assert "Traceback" not in page.page.inner_text("body")
    assert page.serious() == []
