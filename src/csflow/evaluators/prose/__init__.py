"""The engine that tells: rules read as sentences in zh-CN, zh-TW and en.

It reads the same terms as the others and decides nothing. Pages and explanations use it.
"""

from csflow.evaluators.prose.speaking import Speaker
from csflow.evaluators.prose.text import Named, Prose, plain

__all__ = ["Named", "Prose", "Speaker", "plain"]
