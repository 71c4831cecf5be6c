"""Share a number out among several by weight, so that the shares add up to it exactly. Pure."""

from collections.abc import Sequence
from itertools import pairwise


def shared_out(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """A share ends where the weights so far end, rounded down.

    ``weights`` are not negative; all goes to the first if none weighs anything. Empty for nobody.
    """
    whole = sum(weights)
    if whole <= 0:
        return (amount, *(0 for _ in weights[1:])) if weights else ()
    ends = [0]
    so_far = 0
    for weight in weights:
        so_far += weight
        ends.append(amount * so_far // whole)
    return tuple(end - start for start, end in pairwise(ends))
