"""The engines that answer, and the answer. The reference engine is the law."""

from csflow.evaluators.answers import Decider, Decision
from csflow.evaluators.nearest_change import NearestChange
from csflow.evaluators.why_not import WhyNot

__all__ = ["Decider", "Decision", "NearestChange", "WhyNot"]
