"""What `labelcast search` looks for, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from .. import alternatives, claims, names
from ..parts import Part, key
from ..problems import quoted
from ..written import Whole, text_of

MOST = 3
"""Objectives of a search."""


def _kpis(value: object) -> tuple[str, ...]:
    """Reads a KPI, or a list of some."""
    entries = value if isinstance(value, list) else [value]
    found = tuple(text_of(one, "a KPI", "cost").strip() for one in entries)
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"must be one to {MOST} KPIs, but got {len(found)}. Write it like [cost, finish].")
    for one in found:
        if not one or not all(letter.isalnum() or letter in "_.-" for letter in one):
            raise ValueError(
                f"must be the name of a KPI, but got {quoted(one)}. Write it like cost, or [cost, finish]."
            )
    return found


def _claims(value: object) -> tuple[claims.Claim, ...]:
    """Reads a claim, or a list of some."""
    return tuple(claims.claim(one) for one in (value if isinstance(value, list) else [value]))


_KPI = {"type": "string", "pattern": r"^ *[\w.-]+ *$", "examples": ["cost"]}
Kpis = Annotated[
    tuple[str, ...],
    BeforeValidator(_kpis),
    WithJsonSchema({"anyOf": [_KPI, {"type": "array", "items": _KPI, "minItems": 1, "maxItems": MOST}]}),
]
Claims = Annotated[
    tuple[claims.Claim, ...],
    BeforeValidator(_claims),
    WithJsonSchema({"anyOf": [claims.CLAIM_SCHEMA, {"type": "array", "items": claims.CLAIM_SCHEMA}]}),
]
Values = Annotated[Any, BeforeValidator(alternatives.checked), Whole(), WithJsonSchema(alternatives.VALUES_SCHEMA)]


class Search(Part):
    """What `labelcast search` may change, what it looks for, and what every plan must keep. It changes nothing of the
    scenario itself."""

    minimise: Kpis | None = key(
        "A KPI whose mean is to be low, or a list of them; cost if neither this nor `maximise` is said. At most three "
        "in both together.",
        None,
        "cost",
    )
    maximise: Kpis | None = key("A KPI whose mean is to be high, or a list of them.", None, "accuracy")
    subject_to: Claims | None = key(
        "What every plan must keep: KPIs with <= or >= and a bound, of their mean or as a chance; `p_deadline` is the "
        "chance to meet the goal `deadline`. The scenario's goals if not said; nothing for an empty list.",
        None,
        '["p_deadline >= 90%", "accuracy >= 97%"]',
    )
    vary: dict[names.Path, Values] = key(
        "By the path of a key, the values that it may have: a range of whole numbers, `2..12`, all of them; any range "
        "with its step, `5%..100% by 5%`, about 20 round steps if not said; or a list of choices, of which `~` stands "
        "for a key that is not written. A choice takes the place of all that stands at the key; with ranges in it, it "
        "stands for all their combinations.",
        example="{pools.team.headcount: 2..12}",
        least=1,
        most=50,
    )

    @model_validator(mode="after")
    def _few(self) -> Any:
        both = [*(self.minimise or ()), *(self.maximise or ())]
        twice = next((name for number, name in enumerate(both) if name in both[:number]), None)
        if twice is not None:
            raise ValueError(f"each KPI is looked for once, but {twice} stands here twice. Take one out.")
        if len(both) > MOST:
            raise ValueError(f"at most {MOST} KPIs are looked for together, but here are {len(both)}. Take some out.")
        return self
