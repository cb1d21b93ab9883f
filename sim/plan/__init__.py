"""Line -> dense arrays: the one input of both engines."""

from .flow import DELIVERED, StagePlan
from .people import PoolPlan
from .whole import Plan
from .work import ARRIVING, OPEN, SegmentPlan

__all__ = ["ARRIVING", "DELIVERED", "OPEN", "Plan", "PoolPlan", "SegmentPlan", "StagePlan"]
