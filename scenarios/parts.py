"""What the models of the scenario file share: keys with their meaning, and mappings that are checked as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .written import JsonSchema


def key(
    meaning: str,
    default: Any = ...,
    example: str = "",
    assumed: bool = False,
    most: int | None = None,
    least: int | None = None,
) -> Any:
    """A key of a model. default: in the scenario's words; ... for a required key, None for nothing.

    assumed: the default is a number that the answer rests on, and is listed as an assumption where it is used.
    least, most: entries of a mapping or a list.
    """
    extra: dict[str, Any] | None = {"assumed": True} if assumed else None
    examples = [example] if example else None
    return Field(
        default, description=meaning, examples=examples, json_schema_extra=extra, min_length=least, max_length=most
    )


class Part(BaseModel):
    """A mapping of a scenario file. alternatives: keys of which at most one may be written, and one written over a
    file that is extended takes the place of the others. scales: keys that a factor on the whole mapping multiplies."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    alternatives: ClassVar[tuple[tuple[str, ...], ...]] = ()
    scales: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _one_of_each(self) -> Any:
        for group in self.alternatives:
            written = [name for name in group if name in self.model_fields_set]
            if len(written) > 1:
                raise ValueError(f"takes one of {', '.join(group)}, but got {' and '.join(written)}. Take one out.")
        return self


def incomplete(message: str) -> PydanticCustomError:
    """The error of a mapping that lacks something; not told of a file whose base could not be read."""
    return PydanticCustomError("incomplete", "{message}", {"message": message})


@dataclass(frozen=True)
class Short:
    """Lets text stand for a mapping with one key. name: the key, or which one it is by the text.

    lists: the key that a list stands for, "" where a list is none.
    """

    name: str | Callable[[str], str]
    schema: JsonSchema = field(hash=False, compare=False)
    lists: str = ""

    def key_of(self, text: str) -> str:
        """The key that a text stands for."""
        return self.name if isinstance(self.name, str) else self.name(text)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def written_out(value: Any) -> Any:
            if isinstance(value, list) and self.lists:
                return {self.lists: value}
            return {self.key_of(value): value} if isinstance(value, str) else value

        return core_schema.no_info_before_validator_function(written_out, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {"anyOf": [handler(core), self.schema]}
