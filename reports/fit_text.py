"""What a calibration found, for a terminal."""

from __future__ import annotations

from ..calibration.fit import Fit, Parameter
from . import fit, numbers


def fit_text(found: Fit) -> str:
    """Rows used and refused, the fit in a sentence, each parameter with its interval, and what nobody could tell."""
    told = [
        f"{numbers.plain(found.rows_used)} of {numbers.plain(found.rows_read)} rows used,",
        f"from {found.first} to {found.last}.",
    ]
    told += [f"  refused: {one.rows} x {one.reason} (first: {one.first})" for one in found.refused]
    told += [f"  set apart: {one.rows} x {one.reason} (first: {one.first})" for one in found.set_apart]
    told += ["", *fit.verdict(found), *fit.cautions(found), ""]
    width = max((len(one.path) for one in found.parameters), default=0)
    told += [f"  {one.path:<{width}}  {_value(one)}" for one in found.parameters]
    told += [f"  {one.path:<{width}}  {one.value:.4g}  assumed: {one.why}" for one in found.assumptions]
    return "\n".join(told)


def _value(one: Parameter) -> str:
    between = "" if one.low is None or one.high is None else f"  ({one.low:.4g} to {one.high:.4g})"
    return f"{one.value:.4g} {one.unit}".rstrip() + f"{between}  n = {numbers.plain(one.n)}"
