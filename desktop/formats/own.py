"""Our formats and those of the web version before us, a row each."""

from desktop.formats.format import Format

OWN: tuple[Format, ...] = ()
