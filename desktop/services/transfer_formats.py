"""Every format there is: those of files alone, and the web version's database, which we open."""

from typing import BinaryIO, get_args

from desktop.formats.format import HEAD, Format
from desktop.formats.registry import FORMATS, detect
from desktop.protocol.transfer import FileFault
from desktop.services.transfer_web_database import WEB_DATABASE
from desktop.services.transfer_web_tree import WEB_TREE, is_tree

ALL_FORMATS: tuple[Format, ...] = (*FORMATS, WEB_DATABASE, WEB_TREE)

_FAULTS: dict[str, FileFault] = {one: one for one in get_args(FileFault)}


def format_of(head: bytes, name: str) -> Format | None:
    """The format of a file, by its first bytes and its name."""
    return WEB_DATABASE if WEB_DATABASE.sniff(head, name) else detect(head, name)


def format_inside(stream: BinaryIO, name: str) -> Format | None:
    """The same of a file that is open: what a ZIP is shows at its end. Raises ``OSError``."""
    found = format_of(stream.read(HEAD), name)
    if found is not None and found.id == "web_zip" and is_tree(stream):
        return WEB_TREE
    return found


def fault_of(code: str) -> FileFault:
    """A reader's own code as one that the page has words for."""
    return _FAULTS.get(code, "malformed")
