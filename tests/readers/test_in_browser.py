"""Pages for readers in a real browser: light and dark, on a phone, on paper, by keyboard; the replay plays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import LONG_MS, Heard, serious

pytestmark = pytest.mark.browser

KINDS = ["manager", "both", "lead"]

WIDER = """
wide => [...document.querySelectorAll('body *')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > wide + 1 && !one.closest('svg *'))
  .map(one => one.outerHTML.slice(0, 120))
"""
"""Elements that reach beyond a width."""


@pytest.fixture(scope="session")
def files(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of the pages, as files on this machine."""
    folder = tmp_path_factory.mktemp("readers")
    paths: dict[str, Path] = {}
    for kind, text in pages.items():
        paths[kind] = folder / f"{kind}.html"
        paths[kind].write_text(text)
    return {kind: path.as_uri() for kind, path in paths.items()}


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """An empty page. Parametrise it with options of the browser's context. No test may leave an error on its console,
    ask anything of anyone, or open a dialog, which only a name that ran could."""
    context = browser.new_context(**getattr(request, "param", {}))
    context.set_default_timeout(LONG_MS)
    found, heard = context.new_page(), Heard(("file:", "data:"))
    heard.listen(found)
    found.on("dialog", lambda said: heard.errors.append(f"a dialog: {said.message}"))
    yield found
    context.close()
    heard.nothing()


@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_serious_fault(page: Any, files: dict[str, str], kind: str) -> None:
    """Law: of contrast, names, headers, order and focus axe-core finds nothing serious, light and dark."""
    page.goto(files[kind])
    assert serious(page) == []


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_shows_all_without_moving_sideways(page: Any, files: dict[str, str], kind: str) -> None:
    """Law: at 360 pixels the page is no wider than the screen; a wider table moves in a part that keys can move."""
    page.goto(files[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    parts = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{parts}.every(one => one.tabIndex === 0 && one.getAttribute('aria-label'))")


@pytest.mark.parametrize("page", [{"viewport": {"width": 718, "height": 1000}, "color_scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_nothing_is_cut_and_the_paper_is_white(page: Any, files: dict[str, str], kind: str) -> None:
    """Law: printed from a dark screen a page is dark on white, and nothing is wider than A4 less 1 cm a side."""
    page.goto(files[kind])
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')").strip() == "#ffffff"
    assert page.evaluate(WIDER, 718) == []
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_the_day_plays_and_stands_where_it_is_put(page: Any, files: dict[str, str]) -> None:
    """Law: nothing moves by itself; played, the clock goes on, though the first frame be older than the click, and
    stops when it is told; by keyboard it goes to the end, where the counts are those of the sentence."""
    page.add_init_script(
        "const frame = requestAnimationFrame; window.requestAnimationFrame = told => frame(now => told(now - 60))"
    )
    page.goto(files["lead"])
    clock = page.locator(".replay .clock")
    first = clock.inner_text()
    page.wait_for_timeout(300)
    assert clock.inner_text() == first
    play = page.get_by_role("button", name="Play")
    play.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("first => document.querySelector('.replay .clock').value !== first", arg=first)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("slider", name="time").press("End")
    delivered = page.locator(".replay .sentence").inner_text().partition(" items")[0]
    assert delivered.replace(",", "").isdecimal()
    told = page.wait_for_selector(f".replay .state:has-text('Items delivered today: {delivered}')").inner_text()
    assert told.startswith(clock.inner_text())
    assert page.get_by_role("button", name="Again").count() == 0, "it was moved to the end, not played to it"
