"""From a checked scenario to the line."""

from .moments import dated
from .money import currencies
from .whole import resolve
from .work import FromFile

__all__ = ["FromFile", "currencies", "dated", "resolve"]
