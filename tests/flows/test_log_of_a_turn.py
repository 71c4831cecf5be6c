"""A whole evening leaves no word of the story and no key in the log, also where things go wrong."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop.log import PrivateFormatter
from desktop.protocol.events import TurnEnded
from desktop.protocol.library import EntrySaveParams, RulesSaveParams, TextContents
from desktop.protocol.methods import (
    EditParams,
    RoomCreateParams,
    RoomParams,
    SendParams,
    StageParams,
)
from desktop.protocol.models import Character
from desktop.protocol.problems import Trouble
from desktop.protocol.profiles import ProfileCreateParams, ProfileOpenParams
from desktop.protocol.search import SearchParams
from tests.flows.residence import Window

SECRET = "비밀의등대"
KEY = "sk-planted-0123456789abcdef"


class Written(logging.Handler):
    """Everything that would come to stand in the log, from the finest level on."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(PrivateFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
async def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Window]:
    monkeypatch.setenv("PERSONA_STORYTELLER_PACE", "inf")
    made = Window(tmp_path)
    await made.residence.start()
    yield made
    await made.residence.close()


async def evening(window: Window) -> None:
    view = await window.ask("room.create", RoomCreateParams(title=f"{SECRET} 방"))
    room = view.room
    people = (Character(id="a", name=f"{SECRET}지기", dye="chija"),)
    wanted = replace(room.stage, world=f"{SECRET} 바다 {KEY}", characters=people)
    await window.ask("room.stage", StageParams(room_id=room.id, stage=wanted))
    contents = TextContents(text=f"{SECRET} {KEY}")
    await window.ask("library.save", EntrySaveParams(kind="world", name=SECRET, contents=contents))
    await window.ask("rules.save", RulesSaveParams(text=f"{SECRET} 규칙", stamp=""))
    window.events.clear()
    await window.ask("turn.send", SendParams(room_id=room.id, text=f"{SECRET} 들려줘 {KEY}"))
    await window.told(TurnEnded)
    view = await window.ask("room.open", RoomParams(room_id=room.id))
    first = view.messages[0].id
    await window.ask("message.edit", EditParams(message_id=first, text=f"{SECRET} 고침"))
    await window.ask("search.find", SearchParams(text=SECRET))


async def go_wrong(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the middle of a turn, whose own words hold the story."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"{SECRET} {KEY}")

    view = await window.ask("room.create", RoomCreateParams(title=SECRET))
    with monkeypatch.context() as patched:
        patched.setattr("desktop.services.turn_run.keep", broken)
        window.events.clear()
        try:
            await window.ask("turn.send", SendParams(room_id=view.room.id, text=f"{SECRET} {KEY}"))
            await window.told(TurnEnded)
        except (Trouble, ValueError, TimeoutError):
            pass


@pytest.mark.parametrize("locked", [False, True])
async def test_no_word_of_the_story_and_no_key_is_written(
    window: Window, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    written = Written()
    # As the program sets it: what is finer than that of others is not written at all.
    ours, before = logging.getLogger("desktop"), logging.getLogger("desktop").level
    logging.getLogger().addHandler(written)
    ours.setLevel(logging.DEBUG)
    try:
        if locked:
            made = await window.ask("profile.create", ProfileCreateParams(password="등대의 불빛"))
            given = ProfileOpenParams(profile_id=made.profile_id, password="등대의 불빛")
            await window.ask("profile.open", given)
        await window.open()
        await evening(window)
        await go_wrong(window, monkeypatch)
        await window.residence.close()
    finally:
        logging.getLogger().removeHandler(written)
        ours.setLevel(before)
    told = "\n".join(written.lines)
    assert "ValueError" in told, "what went wrong is written"
    assert SECRET not in told
    assert "sk-planted" not in told
    assert "등대의 불빛" not in told
