"""What all answers have: sentences, numbers, and how consoles and notebooks show them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..reports.notebook import Table, answer_html


class Answer(ABC):
    """What was found. A console shows the sentences, a notebook the table as well."""

    @property
    @abstractmethod
    def title(self) -> str:
        """Of what it is, and how it was made."""

    @property
    @abstractmethod
    def sentences(self) -> list[str]:
        """The answer in words that claim no more than the numbers do."""

    @property
    @abstractmethod
    def frame(self) -> pd.DataFrame:
        """The numbers, unrounded; NaN where one is withheld."""

    @property
    @abstractmethod
    def text(self) -> str:
        """All that the command prints."""

    @property
    @abstractmethod
    def tables(self) -> Sequence[Table]:
        """What a notebook shows below the sentences: the rounded numbers."""

    def __repr__(self) -> str:
        told = [f"<{self.title}>", *self.sentences]
        return "\n".join("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in one) for one in told)

    def _repr_html_(self) -> str:
        return answer_html(self.title, self.sentences, self.tables)


class Told(Answer):
    """An answer that scripts read as well, and that can be saved."""

    @property
    @abstractmethod
    def data(self) -> Any:
        """What the command prints as JSON."""
