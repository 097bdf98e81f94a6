"""The engines that answer, and the answer. The reference engine is the law."""

from csflow.evaluators.answers import Decider, Decision

__all__ = ["Decider", "Decision"]
