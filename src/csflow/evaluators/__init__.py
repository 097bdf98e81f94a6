"""The engines that answer, and the answer. The reference engine is the law."""

from csflow.evaluators.answers import Decision, decide

__all__ = ["Decision", "decide"]
