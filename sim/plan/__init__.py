"""Line -> dense arrays: the one input of both engines."""

from .flow import DELIVERED, NOBODY, StagePlan
from .people import PoolPlan
from .whole import Plan, Stand
from .work import ARRIVING, OPEN, RELEASE_SIZE, RELEASED, SegmentPlan

__all__ = [
    "ARRIVING",
    "DELIVERED",
    "NOBODY",
    "OPEN",
    "RELEASED",
    "RELEASE_SIZE",
    "Plan",
    "PoolPlan",
    "SegmentPlan",
    "StagePlan",
    "Stand",
]
