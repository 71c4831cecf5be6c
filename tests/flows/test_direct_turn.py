"""A turn with a server that is asked directly, through the whole program but the window."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desktop.main.house import House, Outlet, build
from desktop.paths import persons_folders
from desktop.protocol.events import AnyEvent, MessageChanged, TurnEnded
from desktop.protocol.methods import (
    Opened,
    OpenParams,
    RoomCreateParams,
    RoomView,
    SendParams,
    Sent,
    SettingsParams,
    StageParams,
)
from desktop.protocol.models import Character, Narrator, Persona, Stage
from desktop.protocol.settings import Server, Settings
from tests.emulator.server import Emulator
from tests.emulator.server import running as emulator_running

ROOT = Path(__file__).resolve().parents[2]
STAGE = Stage(
    me=Persona(name="나"),
    narrator=Narrator(kind="ai"),
    characters=(Character(id="a", name="민수"), Character(id="b", name="지현")),
    provider="local",
)


@pytest.fixture
async def emulator(tmp_path: Path) -> AsyncIterator[Emulator]:
    async with emulator_running(tmp_path / "emulator") as running:
        yield running


class Program:
    """The services as the window has them; ``said`` are all events."""

    def __init__(self, house: House, said: list[AnyEvent]) -> None:
        self.house = house
        self.said = said

    async def call(self, name: str, params: Any) -> Any:
        return await self.house.handlers[name](params)

    async def serve(self, emulator: Emulator, run: str, scenario: str = "ko") -> None:
        server = Server(id="local", base_url=f"{emulator.url(scenario, run)}/v1", model="m")
        await self.call("settings.change", SettingsParams(settings=Settings(servers=(server,))))

    async def room(self) -> str:
        view = await self.call("room.create", RoomCreateParams(title="탁자"))
        assert isinstance(view, RoomView)
        await self.call("room.stage", StageParams(room_id=view.room.id, stage=STAGE))
        return view.room.id

    async def turn(self, room_id: str, text: str) -> TurnEnded:
        sent = await self.call("turn.send", SendParams(room_id=room_id, text=text))
        assert isinstance(sent, Sent)
        async with asyncio.timeout(20):
            while True:
                for event in self.said:
                    if isinstance(event, TurnEnded) and event.turn.id == sent.turn.id:
                        return event
                await asyncio.sleep(0.01)


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    said: list[AnyEvent] = []
    paths = persons_folders(str(tmp_path / "data"))
    house = await build(paths, Outlet(said.append, lambda: 0, lambda: 0))
    await house.handlers["app.open"](OpenParams(language="ko"))
    yield Program(house, said)
    await house.close()


async def test_a_turn_of_a_direct_server_gives_a_bubble_to_each_speaker(
    program: Program, emulator: Emulator
) -> None:
    await program.serve(emulator, "one")
    room = await program.room()
    ended = await program.turn(room, "안녕하세요")
    assert ended.turn.outcome == "complete"
    stored = [event.message for event in program.said if isinstance(event, MessageChanged)]
    names = [m.author.name for m in stored if m.turn_id == ended.turn.id]
    assert names[:3] == ["민수", "지현", "민수"]
    assert len(set(names)) >= 3, "two people and the narrator"
    assert ended.turn.usage.source == "reported"
    body = emulator.generations("one")[0].body
    assert body["model"] == "m"
    assert "안녕하세요" in json.dumps(body["messages"], ensure_ascii=False)


async def test_a_changed_address_holds_from_the_next_turn_on_without_a_restart(
    program: Program, emulator: Emulator
) -> None:
    await program.serve(emulator, "before")
    room = await program.room()
    await program.turn(room, "하나")
    await program.serve(emulator, "after", "inst")
    await program.turn(room, "둘")
    assert len(emulator.generations("before")) == 1
    assert len(emulator.generations("after")) == 1


async def test_an_answer_goes_on_while_its_server_is_changed(
    program: Program, emulator: Emulator
) -> None:
    await program.serve(emulator, "slow", "slow")
    room = await program.room()
    turn = asyncio.create_task(program.turn(room, "천천히"))
    await emulator.generation("slow")
    await program.serve(emulator, "other")
    assert (await turn).turn.outcome == "complete"


async def test_a_refused_key_is_told_as_a_problem(program: Program, emulator: Emulator) -> None:
    await program.serve(emulator, "refused", "401")
    ended = await program.turn(await program.room(), "들려요?")
    assert ended.turn.problem is not None
    assert ended.turn.problem.code == "key_refused"
    assert ended.turn.problem.provider == "local"


async def test_the_terminal_asks_a_server_of_the_settings(
    program: Program, emulator: Emulator, tmp_path: Path
) -> None:
    await program.serve(emulator, "terminal")
    opened = await program.call("app.open", OpenParams())
    assert isinstance(opened, Opened)
    await program.house.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "desktop", "--data-dir", str(tmp_path / "data")),
        *("say", "안녕", "--provider", "local", "--json"),
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    last = json.loads(out.decode().splitlines()[-1])
    assert (last["type"], last["turn"]["provider"]) == ("turn_ended", "local")
    assert len(emulator.generations("terminal")) == 1
