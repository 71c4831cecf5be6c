"""Reading aloud by a real process and by a server on loopback."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import web

from desktop.protocol.events import SpeechChanged
from desktop.protocol.method import Nothing
from desktop.protocol.methods import SettingsParams
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Settings
from desktop.protocol.speech import SayParams, Speech, Spoken, SpokenVoice, StopParams
from desktop.providers.process import Processes
from desktop.services.outside import SystemClock
from desktop.services.settings import SettingsService
from desktop.services.speech import SpeechPlace, SpeechService
from desktop.store.database import Database
from tests.doubles.speaking_program import BROKEN, SpeakingProgram
from tests.providers.direct_server import DirectServer

FEW_S = 20
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)


class Reader:
    """The service with what it needs, and what it has told."""

    def __init__(self, database: Database, folder: Path, server: DirectServer) -> None:
        self.told: list[tuple[str, int, str]] = []
        self.problems: list[Any] = []
        self.heard = asyncio.Event()
        self.chosen = ""
        self.processes = Processes()
        self.settings = SettingsService(database, lambda _event: None)
        self._server = server
        self.speech = SpeechService(
            self.processes,
            self.settings,
            self._place,
            self._take,
            SystemClock(),
            folder,
            self._choose,
        )

    async def say(self, *texts: str, name: str = "one", voice: SpokenVoice | None = None) -> None:
        sentences = tuple(
            Spoken(text=text, language="ko", voice=voice or SpokenVoice()) for text in texts
        )
        await self.speech.say(SayParams(speech_id=name, sentences=sentences))

    @property
    def state(self) -> str:
        return self.told[-1][2] if self.told else ""

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(FEW_S):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    async def change(self, **speech: Any) -> Speech:
        wish = Settings(speech=Speech(**speech))
        return (await self.settings.change(SettingsParams(settings=wish))).speech

    def _take(self, event: Any) -> None:
        assert isinstance(event, SpeechChanged)
        said = event.progress
        self.told.append((said.speech_id, said.index, said.state))
        self.problems.append(said.problem)
        self.heard.set()

    def _place(self, _server_id: str) -> SpeechPlace:
        async def key() -> str:
            return "k3y"

        return SpeechPlace(f"{self._server.url}/v1", key)

    async def _choose(self) -> str:
        return self.chosen


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SpeakingProgram:
    made = SpeakingProgram(tmp_path / "bin")
    monkeypatch.setenv("PATH", made.env_path())
    return made


@pytest.fixture
async def reader(
    tmp_path: Path, server: DirectServer, program: SpeakingProgram
) -> AsyncIterator[Reader]:
    assert program.path.exists()
    database = await Database.open(tmp_path / "one.db")
    made = Reader(database, tmp_path, server)
    yield made
    await made.speech.close()
    await made.processes.close()
    await database.close()


async def test_sentences_are_read_in_order_by_stdin_and_each_is_told(
    reader: Reader, program: SpeakingProgram
) -> None:
    hostile = "--version; $(touch 나쁜것)"
    await reader.say("안개가 걷혔다.", hostile)
    await reader.until(lambda: reader.state == "done")
    assert reader.told == [("one", 0, "saying"), ("one", 1, "saying"), ("one", 1, "done")]
    assert program.texts == ["안개가 걷혔다.", hostile]
    usual = ["-v", "ko", "-s", "175", "-p", "50", "--stdin"]
    assert [each["argv"] for each in program.asked] == [usual, usual]


async def test_a_voice_of_ones_own_changes_name_speed_and_pitch(
    reader: Reader, program: SpeakingProgram
) -> None:
    await reader.say("네.", voice=SpokenVoice(name="en-gb", speed=120, pitch=80))
    await reader.until(lambda: reader.state == "done")
    assert program.asked[0]["argv"] == ["-v", "en-gb", "-s", "210", "-p", "40", "--stdin"]


async def test_a_voice_that_is_none_is_not_asked_for(
    reader: Reader, program: SpeakingProgram
) -> None:
    await reader.say("네.", voice=SpokenVoice(name="-w/tmp/stolen.wav"))
    await reader.until(lambda: reader.state == "done")
    assert program.asked[0]["argv"][:2] == ["-v", "ko"]


async def test_a_stop_ends_the_process_before_it_answers(
    reader: Reader, program: SpeakingProgram
) -> None:
    program.takes(60)
    await reader.say("아주 긴 문장.", "둘째.")
    while not program.asked:
        await asyncio.sleep(0.02)
    pid = program.asked[0]["pid"]
    assert psutil.pid_exists(pid)
    await reader.speech.stop(StopParams(speech_id="another"))
    assert psutil.pid_exists(pid), "somebody else's speech is not mine to stop"
    await reader.speech.stop(StopParams(speech_id="one"))
    assert not psutil.pid_exists(pid)
    assert reader.told == [("one", 0, "saying")]
    assert len(program.asked) == 1


async def test_a_new_speech_and_the_end_of_the_program_silence_the_old_one(
    reader: Reader, program: SpeakingProgram
) -> None:
    program.takes(60)
    await reader.say("첫째.")
    while len(program.asked) < 1:
        await asyncio.sleep(0.02)
    await reader.say("둘째.", name="two")
    assert not psutil.pid_exists(program.asked[0]["pid"])
    while len(program.asked) < 2:
        await asyncio.sleep(0.02)
    await reader.speech.close()
    assert not psutil.pid_exists(program.asked[1]["pid"])


async def test_a_program_that_fails_is_told_with_its_stderr(
    reader: Reader, program: SpeakingProgram
) -> None:
    await reader.say("하나.", BROKEN, "셋.")
    await reader.until(lambda: reader.state == "failed")
    assert reader.told[-1] == ("one", 1, "failed")
    assert reader.problems[-1].code == "crashed"
    assert "no speakers" in reader.problems[-1].detail
    assert program.texts == ["하나.", BROKEN]


async def test_the_voices_of_the_program_are_listed(reader: Reader) -> None:
    found = await reader.speech.voices(Nothing())
    assert (found.program, found.own) == ("espeak-ng", False)
    assert [(each.name, each.label) for each in found.voices] == [
        ("en-gb", "English (Great Britain)"),
        ("ko", "Korean"),
    ]


async def test_a_page_cannot_say_which_program_speaks(reader: Reader) -> None:
    assert (await reader.change(program="/bin/sh", arguments=("-c",))).program == ""


async def test_a_program_of_ones_own_is_picked_and_gets_its_template_filled(
    reader: Reader, tmp_path: Path, program: SpeakingProgram
) -> None:
    own = SpeakingProgram(tmp_path / "own")
    reader.chosen = str(tmp_path / "nothing")
    with pytest.raises(Trouble) as caught:
        await reader.speech.choose_program(Nothing())
    assert caught.value.problem.code == "not_installed"
    reader.chosen = str(own.path)
    assert (await reader.speech.choose_program(Nothing())).own
    await reader.change(arguments=("--who={voice}", "{language}", "{speed}/{pitch}", "{other}"))
    await reader.say("네.", voice=SpokenVoice(name="윤슬 2", speed=90))
    await reader.until(lambda: reader.state == "done")
    assert own.asked[0]["argv"] == ["--who=윤슬 2", "ko", "90/100", "{other}"]
    await reader.say("네.", voice=SpokenVoice(name="../../etc/passwd"))
    await reader.until(lambda: len(own.asked) == 2)
    assert own.asked[1]["argv"][0] == "--who="
    assert program.asked == []
    assert not (await reader.speech.forget_program(Nothing())).own


async def test_a_server_is_asked_for_a_sentence_as_sound(
    reader: Reader, server: DirectServer
) -> None:
    async def sound(_request: web.Request) -> web.Response:
        return web.Response(body=WAV, content_type="application/octet-stream")

    server.routes["/v1/audio/speech"] = sound
    await reader.change(way="server", server="local", server_model="kokoro")
    voice = SpokenVoice(name="nova", speed=150)
    answer = await reader.speech.audio(Spoken(text="안녕.", language="ko", voice=voice))
    assert (answer.kind, base64.b64decode(answer.base64)) == ("audio/wav", WAV)
    assert server.bodies("/v1/audio/speech") == [
        {
            "model": "kokoro",
            "voice": "nova",
            "input": "안녕.",
            "response_format": "wav",
            "speed": 1.5,
        }
    ]
    assert server.asked[-1].headers["authorization"] == "Bearer k3y"


async def test_what_is_no_sound_is_not_handed_to_the_page(
    reader: Reader, server: DirectServer
) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="audio/wav")

    server.routes["/v1/audio/speech"] = page
    await reader.change(way="server", server="local")
    with pytest.raises(Trouble) as caught:
        await reader.speech.audio(Spoken(text="안녕."))
    assert caught.value.problem.code == "unreadable"


async def test_without_a_program_nothing_begins(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.speech.find_speaker", lambda _environ: None)
    with pytest.raises(Trouble) as caught:
        await reader.say("안녕.")
    assert caught.value.problem.code == "not_installed"
    assert (await reader.speech.voices(Nothing())).program == ""
