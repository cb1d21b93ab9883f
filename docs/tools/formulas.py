"""Formulas as MathML, which browsers draw by themselves: written as ```math, which repository browsers draw too."""

from __future__ import annotations

import re

from latex2mathml.converter import convert

_FENCE = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def drawn(text: str) -> str:
    """A page with its formulas as MathML, each line of a fence by itself. Raises ValueError where a command is not
    known, which would be drawn as its name."""
    return _FENCE.sub(lambda found: _block(found[1]), text)


def _block(source: str) -> str:
    lines = [line for line in source.splitlines() if line.strip()]
    formulas = [convert(line, display="block") for line in lines]
    for line, formula in zip(lines, formulas, strict=True):
        if unknown := re.search(r">\\(\w+)<", formula):
            raise ValueError(f"\\{unknown[1]} is no command of formulas here, in: {line}")
    return f'<div class="formula">{"".join(formulas)}</div>'
