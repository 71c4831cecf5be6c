"""Reading aloud: one sentence after another by a program of this machine, or as sound."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from desktop.protocol.events import SpeechChanged
from desktop.protocol.method import Nothing
from desktop.protocol.problems import Problem, Trouble, problem
from desktop.protocol.speech import (
    SayParams,
    SpeechAudio,
    SpeechProgress,
    SpeechState,
    SpeechVoices,
    Spoken,
    StopParams,
    SystemVoice,
)
from desktop.providers.environment import handed_on
from desktop.providers.process import Child, Processes
from desktop.providers.speech_programs import Speaker, command, find_speaker, listing, voices_in
from desktop.providers.speech_server import SpeechServer
from desktop.services.outside import Clock, Emit
from desktop.services.program_paths import ChooseFile
from desktop.services.settings import SettingsService

_LISTING_S = 10.0
_SOUND = (
    *("XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_COOKIE", "PIPEWIRE_REMOTE", "ALSA_CONFIG_PATH"),
    *("DBUS_SESSION_BUS_ADDRESS", "ESPEAK_DATA_PATH"),
)
"""What a program needs to find the speakers."""


class SpeechPlace(NamedTuple):
    """A server that may be asked for sound."""

    base_url: str
    key: Callable[[], Awaitable[str]]


class SpeechService:
    """One speech at a time: a new one ends the one before.

    ``place`` finds a server by id. Raises ``Trouble`` where there is none.
    """

    def __init__(
        self,
        processes: Processes,
        settings: SettingsService,
        place: Callable[[str], SpeechPlace],
        emit: Emit,
        clock: Clock,
        folder: Path,
        choose_file: ChooseFile | None,
    ) -> None:
        self._processes = processes
        self._settings = settings
        self._place = place
        self._emit = emit
        self._clock = clock
        self._folder = folder
        self._choose_file = choose_file
        self._saying: asyncio.Task[None] | None = None
        self._speech_id = ""
        self._turn = asyncio.Lock()
        self._voices: dict[str, tuple[SystemVoice, ...]] = {}
        self._servers: dict[tuple[str, str], SpeechServer] = {}

    async def voices(self, _params: Nothing) -> SpeechVoices:
        """What the program that would speak now can do."""
        speaker = self._speaker()
        if speaker is None:
            return SpeechVoices(program="", own=False)
        return SpeechVoices(
            program=Path(speaker.program).name,
            own=speaker.arguments is not None,
            voices=await self._voices_of(speaker),
        )

    async def say(self, params: SayParams) -> Nothing:
        """Begin; all that follows is told by ``SpeechChanged``.

        Raises ``Trouble``: ``not_installed`` without a program that speaks.
        """
        speaker = self._speaker()
        if speaker is None:
            raise Trouble(problem("not_installed", field="speech"))
        async with self._turn:
            await self._silence()
            self._speech_id = params.speech_id
            self._saying = asyncio.create_task(self._say(speaker, params), name="speech")
        return Nothing()

    async def stop(self, params: StopParams) -> Nothing:
        """Returns when nothing of it is left."""
        async with self._turn:
            if params.speech_id in (None, self._speech_id):
                await self._silence()
        return Nothing()

    async def audio(self, params: Spoken) -> SpeechAudio:
        """A sentence by the server of the settings. Raises ``Trouble``."""
        wanted = self._settings.current().speech
        place = self._place(wanted.server)
        known = (wanted.server, place.base_url)
        if known not in self._servers:
            self._servers[known] = SpeechServer(wanted.server, place.base_url, self._clock.now_ms)
        key = await place.key()
        return await self._servers[known].audio(params, wanted.server_model, key)

    async def choose_program(self, params: Nothing) -> SpeechVoices:
        """Let the person pick the program that speaks. Raises ``Trouble``: ``not_installed`` for
        what cannot be started; the choice before it stays then."""
        if self._choose_file is None:
            raise Trouble(problem("invalid_request", field="window"))
        chosen = await self._choose_file()
        if chosen and not await asyncio.to_thread(_can_be_started, chosen):
            raise Trouble(problem("not_installed", detail=chosen))
        if chosen:
            await self._silence()
            await self._settings.choose_speaker(chosen)
        return await self.voices(params)

    async def forget_program(self, params: Nothing) -> SpeechVoices:
        """Speak by the system's own again."""
        await self._silence()
        await self._settings.choose_speaker("")
        return await self.voices(params)

    async def close(self) -> None:
        await self._silence()
        for server in self._servers.values():
            await server.close()

    def _speaker(self) -> Speaker | None:
        wanted = self._settings.current().speech
        if wanted.program:
            return Speaker(program=wanted.program, arguments=wanted.arguments)
        return find_speaker(os.environ)

    async def _voices_of(self, speaker: Speaker) -> tuple[SystemVoice, ...]:
        asked = listing(speaker)
        if asked is None:
            return ()
        if speaker.program not in self._voices:
            try:
                ran = await self._processes.run(
                    asked, env=_environment(), cwd=self._folder, timeout_s=_LISTING_S
                )
            except OSError:
                return ()
            self._voices[speaker.program] = voices_in(ran.stdout)
        return self._voices[speaker.program]

    async def _silence(self) -> None:
        task, self._saying = self._saying, None
        self._speech_id = ""
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _say(self, speaker: Speaker, params: SayParams) -> None:
        at = 0
        try:
            voices = await self._voices_of(speaker)
            for at, spoken in enumerate(params.sentences):
                self._tell(params, at, "saying")
                if failed := await self._sentence(command(speaker, spoken, voices), spoken.text):
                    self._tell(params, at, "failed", failed)
                    return
            self._tell(params, at, "done")
        except OSError as error:
            self._tell(params, at, "failed", problem("not_installed", detail=str(error)))

    async def _sentence(self, argv: tuple[str, ...], text: str) -> Problem | None:
        """Ends with the program's end; the program ends with a cancelled wait."""
        child = await self._processes.start(argv, env=_environment(), cwd=self._folder)
        try:
            child.write([text.encode("utf-8", "replace") + b"\n"])
            child.close_stdin()
            async for _line in child.lines():
                pass
            # A program that has closed its stdout may still be speaking, for a whole sentence.
            await child.exited()
            ending = await child.ended()
        finally:
            await asyncio.shield(_ended(child))
        if ending.exit_code == 0:
            return None
        return problem("crashed", exit_code=ending.exit_code, detail=ending.stderr[-500:])

    def _tell(
        self, params: SayParams, at: int, state: SpeechState, failed: Problem | None = None
    ) -> None:
        progress = SpeechProgress(speech_id=params.speech_id, index=at, state=state, problem=failed)
        self._emit(SpeechChanged(progress=progress))


async def _ended(child: Child) -> None:
    child.stop()
    await child.gone()


def _environment() -> dict[str, str]:
    return handed_on(os.environ, names=_SOUND)


def _can_be_started(path: str) -> bool:
    return Path(path).is_file() and os.access(path, os.X_OK)
