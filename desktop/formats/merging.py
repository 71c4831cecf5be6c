"""Writes changes back over what a file said, so that whatever nobody changed stays as it was."""

from typing import Any


def written_over(original: Any, before: Any, after: Any) -> Any:
    """``original`` with every field changed that differs between ``before`` and ``after``.

    ``before`` is what our writer makes of the original, ``after`` what it makes of it now: where
    both agree, nobody has touched the field, and the original's spelling of it (or its absence)
    stands. Objects are compared field by field, everything else as a whole.
    """
    if before == after:
        return original
    if not (isinstance(original, dict) and isinstance(before, dict) and isinstance(after, dict)):
        return after
    result = dict(original)
    for key, value in after.items():
        if key not in before:
            result[key] = value
        elif before[key] != value:
            result[key] = written_over(original.get(key), before[key], value)
    for key in before:
        if key not in after:
            result.pop(key, None)
    return result
