"""The formats of other programs, a row each."""

from desktop.formats.format import Format

FOREIGN: tuple[Format, ...] = ()
