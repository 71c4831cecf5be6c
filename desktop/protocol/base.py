"""The one base of everything that travels: frozen, and strict about unknown fields."""

from typing import Annotated, NewType, dataclass_transform

import msgspec

UtcMs = NewType("UtcMs", int)
"""Milliseconds since 1970-01-01T00:00:00Z."""

DurationMs = NewType("DurationMs", int)
"""A length of time in milliseconds."""

SAFE_INTEGER = 2**53 - 1
"""The greatest whole number that a page holds exactly; the database takes 64 bits."""
Position = Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)]
"""A position that the page asks for."""
Moment = Annotated[UtcMs, msgspec.Meta(ge=0, le=SAFE_INTEGER)]
"""A time that the page asks for."""


# msgspec hands ``frozen`` down to subclasses; the decorator tells the type checker so.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say ``kw_only=True`` in each subclass: msgspec does not inherit it.

    Make the changed copy with ``msgspec.structs.replace``; never write a field.
    """
