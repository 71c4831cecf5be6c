"""Stories that are locked with a passphrase on their way out, and opened on their way in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pyrage  # type: ignore[import-untyped]
import pytest

from desktop.formats import age
from desktop.formats.format import Format
from desktop.formats.parts import RoomPart
from desktop.formats.registry import FORMATS, by_id, detect
from desktop.protocol.problems import Trouble
from desktop.protocol.transfer import (
    ExportParams,
    ImportParams,
    IncomingFile,
    TransferJob,
    UnsealParams,
)
from desktop.services.transfer_out import offered_name
from tests.services.carrying import Carrier, carrier, told
from tests.services.grown_trees import forest

_WORD = "달빛 항구"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    written = age.SealingFile.__init__
    monkeypatch.setattr(
        age.SealingFile, "__init__", lambda self, out, word: written(self, out, word, 4)
    )


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Carrier, Carrier]]:
    here, there = await carrier(tmp_path / "here"), await carrier(tmp_path / "there")
    await forest(here.database, 5, how_many=2, steps=40)
    yield here, there
    for one in (here, there):
        await one.transfer.close()
        await one.database.close()


async def _bring(table: Carrier, path: Path, word: str) -> tuple[IncomingFile, TransferJob]:
    incoming = await table.transfer.take_up(path)
    assert (incoming.sealed, incoming.format) == (True, "")
    opened = await table.transfer.unseal(UnsealParams(token=incoming.token, passphrase=word))
    assert opened.sealed is False
    started = await table.transfer.bring_in(ImportParams(token=opened.token))
    assert started.job is not None
    return opened, await table.transfer.wait(started.job.id)


@pytest.mark.parametrize("format_id", ["persona_json", "persona_ndjson", "persona_zip"])
async def test_a_locked_file_comes_back_word_for_word(
    two: tuple[Carrier, Carrier], tmp_path: Path, format_id: str
) -> None:
    here, there = two
    file = tmp_path / "story.age"

    job = await here.take_out(file, format=format_id, passphrase=_WORD)
    opened, came = await _bring(there, file, _WORD)

    assert (job.state, came.state) == ("done", "done"), (here.bugs, there.bugs)
    assert opened.format == format_id
    assert told(await there.parts()) == told(await here.parts())


@pytest.mark.parametrize("form", [one for one in FORMATS if one.writer], ids=lambda one: one.id)
async def test_every_shape_can_be_locked(
    two: tuple[Carrier, Carrier], tmp_path: Path, form: Format
) -> None:
    here, _ = two
    rooms = [part.key for part in await here.parts() if isinstance(part, RoomPart)]
    scope = {"scope": "room", "room_ids": (rooms[0],), "format": form.id}

    plain = await here.take_out(tmp_path / "open", **scope)
    locked = await here.take_out(tmp_path / "locked", **scope, passphrase=_WORD)

    assert locked.state == plain.state
    if plain.state == "done":
        raw = (tmp_path / "locked").read_bytes()
        inside = pyrage.passphrase.decrypt(raw, _WORD)
        assert raw.startswith(b"age-encryption.org/v1\n-> scrypt ")
        assert detect(inside[:65_536], f"x{form.suffixes[0]}") is not None or form.reader is None


async def test_nothing_is_told_without_the_passphrase(
    two: tuple[Carrier, Carrier], tmp_path: Path
) -> None:
    here, there = two
    file = tmp_path / "story.zip.age"
    await here.take_out(file, format="persona_zip", passphrase=_WORD)

    incoming = await there.transfer.take_up(file)
    with pytest.raises(Trouble) as caught:
        await there.transfer.unseal(UnsealParams(token=incoming.token, passphrase="달빛 항만"))
    assert caught.value.problem.code == "wrong_password"

    started = await there.transfer.bring_in(ImportParams(token=incoming.token))
    assert started.job is not None
    job = await there.transfer.wait(started.job.id)
    assert (job.state, job.fault) == ("failed", "encrypted")
    assert (await there.rows())["room"] == 0
    opened = await there.transfer.unseal(UnsealParams(token=incoming.token, passphrase=_WORD))
    assert opened.format == "persona_zip"


async def test_a_damaged_locked_file_is_refused_and_changes_nothing(
    two: tuple[Carrier, Carrier], tmp_path: Path
) -> None:
    here, there = two
    await forest(here.database, 6, how_many=3, steps=200)
    whole = tmp_path / "whole.age"
    await here.take_out(whole, format="persona_ndjson", passphrase=_WORD)
    raw = whole.read_bytes()
    assert len(raw) > 70_000
    bitten = tmp_path / "bitten.age"
    bitten.write_bytes(raw[:67_000] + bytes([raw[67_000] ^ 1]) + raw[67_001:])
    cut = tmp_path / "cut.age"
    cut.write_bytes(raw[:-1])

    _, job = await _bring(there, bitten, _WORD)
    assert (job.state, job.fault) == ("failed", "wrong_hash")
    with pytest.raises(Trouble) as caught:
        await _bring(there, cut, _WORD)
    assert (caught.value.problem.code, caught.value.problem.detail) == ("bad_file", "cut_off")
    assert (await there.rows())["room"] == 0


async def test_an_open_file_has_no_passphrase(two: tuple[Carrier, Carrier], tmp_path: Path) -> None:
    here, there = two
    await here.take_out(tmp_path / "open.json")
    incoming = await there.transfer.take_up(tmp_path / "open.json")
    with pytest.raises(Trouble, match="invalid_request"):
        await there.transfer.unseal(UnsealParams(token=incoming.token, passphrase=_WORD))


def test_a_locked_file_is_offered_under_its_own_ending() -> None:
    form = by_id("persona_zip")
    assert form is not None
    assert offered_name(ExportParams(passphrase=_WORD), form, "").endswith(".zip.age")
    assert offered_name(ExportParams(), form, "").endswith(".zip")
