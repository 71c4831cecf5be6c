"""Files of two gigabytes that hold nothing: refused with a reason, and never held in memory."""

import resource
from pathlib import Path

import pytest

from tests.services.carrying import carrier
from tests.services.test_transfer import NOTHING

_SIZE = 2 * 1024**3
_MOST_MB = 300


@pytest.mark.parametrize(
    ("name", "head", "fault"),
    [
        ("a.ndjson", b'{"type":"meta","format":"persona-chat","format_version":1}\n', "too_large"),
        ("a.json", b'{"format":"persona-chat","format_version":1,"rooms":[', "malformed"),
        ("a.zip", b"PK\x03\x04", "cut_off"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "too_large"),
        ("a.age", b"age-encryption.org/v1\n", "encrypted"),
    ],
)
async def test_a_file_of_two_gigabytes_is_refused(
    tmp_path: Path, name: str, head: bytes, fault: str
) -> None:
    file = tmp_path / name
    file.write_bytes(head)
    with file.open("r+b") as sparse:
        sparse.truncate(_SIZE)
    table = await carrier(tmp_path / "there")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    job = await table.take_in(file)

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (job.state, job.fault) == ("failed", fault), (job, table.bugs)
    assert grown < _MOST_MB
    assert await table.rows() == NOTHING
    await table.transfer.close()
    await table.database.close()
