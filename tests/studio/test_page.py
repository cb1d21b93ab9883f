"""The studio in a real browser: what a person does with it, and what they see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PEOPLE = "pools.team.headcount"


def test_an_answer_comes_with_its_error_its_risk_and_how_many_replications_it_rests_on(page: Any) -> None:
    """Law: cost, finish, accuracy and bottleneck are there, each with error and risk; the page has no serious fault."""
    page.open()
    text = page.answered(done=True).inner_text()
    for word in ("cost", "finish", "accuracy", "bottleneck", "mean ± error", "risk, P5 to P95", "20 replications"):
        assert word in text
    assert page.page.locator("#flow img.across").is_visible()
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
    wide = page.page.evaluate("[...document.querySelectorAll('.stMain *')].filter(e => e.getBoundingClientRect().right > 361).length")
    assert wide == 0
    assert page.page.locator("#flow img.down").is_visible()
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


def _downloaded(page: Any, name: str, folder: Path) -> Path:
    with page.page.expect_download() as found:
        page.page.get_by_role("button", name=name).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path
