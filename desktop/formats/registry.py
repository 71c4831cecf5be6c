"""Names every format there is, and finds the one a file is written in."""

from desktop.formats.foreign import FOREIGN
from desktop.formats.format import HEAD as HEAD  # noqa: PLC0414
from desktop.formats.format import Format
from desktop.formats.own import OWN

FORMATS: tuple[Format, ...] = (*OWN, *FOREIGN)


def by_id(format_id: str) -> Format | None:
    return next((one for one in FORMATS if one.id == format_id), None)


def detect(head: bytes, name: str) -> Format | None:
    """The format we are surest of among those we read; ``None`` if it can be none of them.

    ``head`` is the file's first ``HEAD`` bytes. Where two are as sure the earlier row wins.
    """
    sure = [(one.sniff(head, name.lower()), one) for one in FORMATS if one.reader is not None]
    best = max(sure, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None
