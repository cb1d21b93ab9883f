"""The scenario file's models: every key with its meaning, its unit, its default. The one source of the checks, of the
JSON Schema and of docs/scenario-file.md. Defaults are written in the scenario's own words and read like any value.
"""

from .changes import Change
from .people import Pool
from .stages import Stage
from .whole import Scenario
from .work import ALWAYS, Segment

__all__ = ["ALWAYS", "Change", "Pool", "Scenario", "Segment", "Stage"]
