"""Reading aloud, put together with the servers a person has named."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.main.connections import Connections
from desktop.paths import Paths
from desktop.protocol.problems import Trouble, problem
from desktop.providers.process import Processes
from desktop.services.outside import Clock, Emit
from desktop.services.program_paths import ChooseFile
from desktop.services.settings import SettingsService
from desktop.services.speech import SpeechPlace, SpeechService


class SpeechPart:
    def __init__(
        self,
        paths: Paths,
        processes: Processes,
        settings: SettingsService,
        connections: Connections,
        emit: Emit,
        clock: Clock,
        choose_file: ChooseFile | None,
    ) -> None:
        def place(server_id: str) -> SpeechPlace:
            recipe = connections.ways.way(server_id).recipe
            if recipe is None or recipe.preset is None:
                raise Trouble(problem("invalid_request", field="speech.server"))

            async def key() -> str:
                return await connections.keys.get(recipe.key_name) or ""

            return SpeechPlace(recipe.base_url, key)

        self._speech = SpeechService(
            processes, settings, place, emit, clock, paths.data, choose_file
        )

    def handlers(self) -> Mapping[str, Handler]:
        speech = self._speech
        return {
            "speech.voices": speech.voices,
            "speech.say": speech.say,
            "speech.stop": speech.stop,
            "speech.audio": speech.audio,
            "speech.choose_program": speech.choose_program,
            "speech.forget_program": speech.forget_program,
        }

    async def close(self) -> None:
        await self._speech.close()
