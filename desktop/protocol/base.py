"""The one base of everything that travels: frozen, and strict about unknown fields."""

from typing import NewType, dataclass_transform

import msgspec

UtcMs = NewType("UtcMs", int)
"""Milliseconds since 1970-01-01T00:00:00Z."""

DurationMs = NewType("DurationMs", int)
"""A length of time in milliseconds."""


# msgspec hands ``frozen`` down to subclasses; the decorator tells the type checker so.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say ``kw_only=True`` in each subclass: msgspec does not inherit it.

    Make the changed copy with ``msgspec.structs.replace``; never write a field.
    """
