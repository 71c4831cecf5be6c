"""What readers call a broken file by is what the page has words for."""

import io
from typing import get_args

import pytest

from desktop.formats.foreign import FOREIGN
from desktop.formats.format import Format
from desktop.formats.parts import Unreadable
from desktop.protocol.transfer import FileFault

READERS = [one for one in FOREIGN if one.reader is not None]


@pytest.mark.parametrize("known", READERS, ids=[one.id for one in READERS])
@pytest.mark.parametrize(
    "data", [b"{}", b"[", b"\xff\xfe\x00", b"<p>", b"{" * 9, b'{"a":' * 200 + b"1" + b"}" * 200]
)
def test_a_fault_is_one_of_the_protocol(known: Format, data: bytes) -> None:
    assert known.reader is not None
    with pytest.raises(Unreadable) as caught:
        list(known.reader(io.BytesIO(data)))
    assert caught.value.code in get_args(FileFault)
