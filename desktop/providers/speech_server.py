"""Ask a server that speaks OpenAI's ``/audio/speech`` for one sentence as sound."""

import base64
from collections.abc import Callable
from typing import Any

from desktop.protocol.problems import Trouble, problem
from desktop.protocol.speech import SpeechAudio, Spoken
from desktop.providers.http_address import address
from desktop.providers.http_stream import HttpStream

_VOICE = "alloy"
_MODEL = "tts-1"
"""What OpenAI's own server calls its first; local ones mostly accept both names."""
_SLOWEST, _FASTEST = 0.25, 4.0


class SpeechServer:
    """One address with its connections. Raises ``Trouble`` for an address that may not be used."""

    def __init__(self, provider: str, base_url: str, now_ms: Callable[[], int]) -> None:
        found = address(provider, base_url)
        self._provider = provider
        self._url = f"{found.base}/audio/speech"
        self._http = HttpStream(provider, found, now_ms)

    async def audio(self, spoken: Spoken, model: str, key: str) -> SpeechAudio:
        """Raises ``Trouble``. Uncompressed, since the window's engine may lack every decoder."""
        body: dict[str, Any] = {
            "model": model or _MODEL,
            "voice": spoken.voice.name or _VOICE,
            "input": spoken.text,
            "response_format": "wav",
            "speed": min(_FASTEST, max(_SLOWEST, spoken.voice.speed / 100)),
        }
        headers = {"authorization": f"Bearer {key}"} if key else {}
        sound = await self._http.sound(self._url, headers, body)
        kind = sound_kind(sound)
        if kind is None:
            raise Trouble(problem("unreadable", provider=self._provider, detail="no sound"))
        return SpeechAudio(kind=kind, base64=base64.b64encode(sound).decode())

    async def close(self) -> None:
        await self._http.close()


def sound_kind(sound: bytes) -> Any:
    """By its own first bytes: a server's word for it is not trusted. ``None``: it is no sound."""
    if sound[:4] == b"RIFF" and sound[8:12] == b"WAVE":
        return "audio/wav"
    if sound[:3] == b"ID3" or (len(sound) > 1 and sound[0] == 0xFF and sound[1] & 0xE0 == 0xE0):
        return "audio/mpeg"
    return {b"OggS": "audio/ogg", b"fLaC": "audio/flac"}.get(sound[:4])
