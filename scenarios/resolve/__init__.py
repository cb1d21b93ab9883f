"""From a checked scenario to the line."""

from .moments import dated
from .money import payable
from .whole import resolve
from .work import FromFile

__all__ = ["FromFile", "dated", "payable", "resolve"]
