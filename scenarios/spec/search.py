"""What `labelcast search` looks for, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from .. import alternatives, claims, names
from ..parts import Part, key
from ..problems import quoted
from ..written import Whole, text_of

MOST = 3
"""Objectives of a search."""


def _kpi(value: object) -> str:
    """Reads the name of a KPI; whether there is one is known with the line."""
    text = text_of(value, "a KPI", "cost").strip()
    if not text or not all(letter.isalnum() or letter in "_.-" for letter in text):
        raise ValueError(f"must be the name of a KPI, but got {quoted(text)}. Write it like cost, or [cost, finish].")
    return text


def _several(value: object) -> list[object]:
    """A list as it stands, a text as the one entry of a list."""
    if isinstance(value, dict):
        raise ValueError("must be a text or a list of texts, but got a mapping. Write it like [cost, finish].")
    return value if isinstance(value, list) else [value]


_NAME = {"type": "string", "pattern": r"^ *[^\s()<>=]+ *$", "examples": ["cost"]}
Kpis = Annotated[
    tuple[Annotated[str, BeforeValidator(_kpi)], ...],
    Field(min_length=1, max_length=MOST),
    BeforeValidator(_several),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "maxItems": MOST}]}),
]
Claims = Annotated[
    tuple[Annotated[claims.Claim, BeforeValidator(claims.claim)], ...],
    Field(max_length=20),
    BeforeValidator(_several),
    WithJsonSchema({"anyOf": [claims.CLAIM_SCHEMA, {"type": "array", "items": claims.CLAIM_SCHEMA, "maxItems": 20}]}),
]
Values = Annotated[Any, BeforeValidator(alternatives.checked), Whole(), WithJsonSchema(alternatives.VALUES_SCHEMA)]


class Search(Part):
    """What `labelcast search` may change, what it looks for, and what every plan must keep. It changes nothing of
    the scenario itself. Of a range of whole numbers (`2..12`, `5..40 items`) all are values, of any other
    (`5%..100%`) about 20 round steps, or those that it says (`5%..100% by 5%`). A choice takes the place of all
    that stands at the key, `~` takes the key out, and ranges in a choice (`{lead: 2..3, max: 5..7}`) stand for all
    their combinations. A key has at most 200 values. What one plan must not be (more labels by item than people) is
    left out of the search; a value that no plan can have is refused."""

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
        "By path, the values that a key may have: a range, or a list of choices.",
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
