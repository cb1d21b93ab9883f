"""Colours can be read."""

from __future__ import annotations

import pytest

from labelcast.reports import palette

TEXT = [name for name in palette.LIGHT if name not in ("paper", "rule", "wash")]


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", TEXT)
def test_text_of_every_colour_reaches_4_5_to_1(colours: dict[str, str], name: str) -> None:
    """WCAG 2.2 AA, 1.4.3: text stands out from its page, on light and on dark screens."""
    assert palette.contrast(colours[name], colours["paper"]) >= 4.5


def test_contrast_is_the_ratio_of_wcag() -> None:
    """Black on white is 21, grey #767676 on white is the known edge 4.54, a colour on itself 1."""
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert palette.contrast("#0060a8", "#0060a8") == 1.0


def test_light_and_dark_name_the_same_colours() -> None:
    """Each colour of a figure has a partner on a dark screen."""
    assert palette.LIGHT.keys() == palette.DARK.keys()
    assert len(set(palette.LIGHT.values())) == len(palette.LIGHT)
