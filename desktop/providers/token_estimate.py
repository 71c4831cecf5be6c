"""Estimate how many tokens a text costs, by script, corrected by what the vendor reports. Pure.

The weights are deliberately a little high (tokens per character, measured over prose, chat and
JSON with three vocabularies): an estimate that is too low lets a prompt burst the window.
"""

import math
import re

from desktop.protocol.base import Frozen

# Patterns are compiled when first used: wide character classes cost the start of the program.
_SCRIPTS: tuple[tuple[str, float], ...] = (
    (r"[\u1100-\u11ff\u3131-\u318f\ua960-\ua97f\uac00-\ud7ff]", 1.2),  # Hangul
    (
        (
            r"[\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
            r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
        ),
        1.3,  # kana and han
    ),
    (r"[A-Za-z]", 0.25),
    (r"[0-9]", 0.5),
    (r"\s", 0.15),
    (r"[\U00010000-\U0001ffff]", 2.0),  # emoji and rare scripts: several bytes each
)
_OTHER = 0.7

_SLOWNESS = 0.2
_NARROWEST = 0.25
_WIDEST = 4.0
_ENOUGH = 20
"""Shorter texts say more about a vendor's fixed extras than about its vocabulary."""


def estimate(text: str) -> int:
    """Tokens, rounded up; 0 only for an empty text."""
    left = len(text)
    tokens = 0.0
    for script, weight in _SCRIPTS:
        count = len(re.findall(script, text))
        tokens += count * weight
        left -= count
    return math.ceil(tokens + left * _OTHER)


class Calibration(Frozen, kw_only=True):
    """How far the estimates for one model are off; an exponential moving average."""

    factor: float = 1.0
    samples: int = 0

    def corrected(self, estimated: int) -> int:
        """What the model will most likely count."""
        return math.ceil(estimated * self.factor)

    def learned(self, estimated: int, reported: int) -> "Calibration":
        """The calibration after one more report; the first few weigh more than the later ones.

        ``reported`` counts all of the text that was estimated, cached or not. Texts too short to
        tell and absurd reports change nothing.
        """
        if estimated < _ENOUGH or reported <= 0:
            return self
        ratio = reported / estimated
        if not _NARROWEST <= ratio <= _WIDEST:
            return self
        weight = max(_SLOWNESS, 1 / (self.samples + 1))
        return Calibration(
            factor=self.factor + weight * (ratio - self.factor), samples=self.samples + 1
        )
