"""A sealed spool: the same bytes from any place, and nothing to read for anybody else."""

import io
import os
import random
from pathlib import Path

import pytest

from desktop.store.spool import BLOCK, Spool

SECRET = "등대의 비밀".encode()


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 77])
def test_any_place_reads_as_it_was_written(tmp_path: Path, size: int) -> None:
    chance = random.Random(size)
    raw = os.urandom(size)
    spool = Spool(tmp_path / "spool")
    at = 0
    while at < size:
        piece = raw[at : at + chance.randint(1, BLOCK + 5)]
        spool.append(piece)
        at += len(piece)
    spool.finish()
    assert spool.size == size
    with spool.open() as file:
        assert file.read() == raw
        for _ in range(50):
            start = chance.randint(0, size)
            file.seek(start)
            assert file.read(97) == raw[start : start + 97]
        assert file.seek(0, io.SEEK_END) == size
        assert file.read(1) == b""


def test_nothing_of_it_can_be_found_in_the_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    for _ in range(20_000):
        spool.append(SECRET)
    spool.finish()
    raw = spool.path.read_bytes()
    assert len(raw) > 20_000 * len(SECRET)
    assert SECRET not in raw
    spool.remove()
    assert not spool.path.exists()


def test_a_file_that_was_changed_is_not_read(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(SECRET * 10_000)
    spool.finish()
    raw = bytearray(spool.path.read_bytes())
    raw[BLOCK + 100] ^= 1
    spool.path.write_bytes(raw)
    with spool.open() as file, pytest.raises(OSError, match="changed"):
        file.read()
