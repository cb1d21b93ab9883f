"""The colours of every page and figure, in one place, for light and for dark screens.

Series follow Okabe and Ito's order, darkened (or lightened) until text of that colour reads on the page: WCAG contrast
of 4.5 to 1, which a test computes. Nothing is told by colour alone: labels, dashes and hatches say it too.
"""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#57606a",
    "rule": "#d0d7de",
    "wash": "#f3f5f7",
    "series-0": "#0060a8",
    "series-1": "#b54700",
    "series-2": "#00704f",
    "series-3": "#9a3d7e",
    "series-4": "#6a5d00",
    "series-5": "#4b4f56",
    "good": "#00603f",
    "alarm": "#a40e26",
}

DARK: Mapping[str, str] = {
    "paper": "#14181d",
    "ink": "#e8edf2",
    "muted": "#a3adb8",
    "rule": "#39424c",
    "wash": "#1d232a",
    "series-0": "#6cb4f5",
    "series-1": "#ff9f63",
    "series-2": "#45cba3",
    "series-3": "#e79ccc",
    "series-4": "#d5c54e",
    "series-5": "#c3c8ce",
    "good": "#4fd0a0",
    "alarm": "#ff8f94",
}

SERIES = tuple(LIGHT[f"series-{i}"] for i in range(6))
"""Colour of the first, second, .. scenario; beyond the sixth they repeat, with other dashes."""

INK, MUTED, RULE, WASH, ALARM = (LIGHT[name] for name in ("ink", "muted", "rule", "wash", "alarm"))


def series(index: int) -> str:
    """Light-screen colour of the scenario at `index`."""
    return SERIES[index % len(SERIES)]


def variable(colour: str) -> str:
    """CSS that paints `colour` on a light screen and its partner on a dark one; unknown colours as they are."""
    for name, light in LIGHT.items():
        if light == colour:
            return f"var(--{name}, {colour})"
    return colour


def declarations(colours: Mapping[str, str]) -> str:
    """The colours as CSS custom properties, `--ink: #1b1f24; ..`."""
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours #rrggbb, 1 to 21. Source: WCAG 2.2, relative luminance and contrast ratio."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
