"""Reading aloud: whose voice, by which way, and what of a message is read."""

from typing import Annotated, Literal

from msgspec import Meta

from desktop.protocol.base import Frozen
from desktop.protocol.problems import Problem

VoiceName = Annotated[str, Meta(max_length=200)]
Speed = Annotated[int, Meta(ge=50, le=200)]
Pitch = Annotated[int, Meta(ge=50, le=150)]
Argument = Annotated[str, Meta(max_length=500)]
SpokenText = Annotated[str, Meta(min_length=1, max_length=4_000)]
SpeechId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

SpeechWay = Literal["auto", "page", "command", "server"]
"""``auto``: the voices of the page's engine where it has any for the language, else a program."""


class SpokenVoice(Frozen, kw_only=True):
    """How somebody sounds. An empty name: a voice of the story's language."""

    name: VoiceName = ""
    speed: Speed = 100
    """Per cent of the voice's own."""
    pitch: Pitch = 100


class Speech(Frozen, kw_only=True):
    """How the story is read aloud."""

    way: SpeechWay = "auto"
    program: Annotated[str, Meta(max_length=4096)] = ""
    """A program of the person's own; empty: the one the system has. Changed by
    ``speech.choose_program`` and ``speech.forget_program`` only."""
    arguments: Annotated[tuple[Argument, ...], Meta(max_length=40)] = ()
    """For the person's own program, where ``{voice}``, ``{language}``, ``{speed}`` and ``{pitch}``
    stand for what is asked for. The text comes by stdin."""
    server: Annotated[str, Meta(max_length=64)] = ""
    """The id of a server that speaks OpenAI's ``/audio/speech``."""
    server_model: VoiceName = ""
    voice: SpokenVoice = SpokenVoice()
    """Of the narrator, and of everyone without a voice of their own."""
    quotes_only: bool = False
    """Of narration only what stands in quotation marks."""
    skip_actions: bool = True
    narrator: bool = True


class SystemVoice(Frozen, kw_only=True):
    name: str
    """As it is asked for."""
    label: str
    language: str
    """As ``ko`` or ``ko-KR``; may be empty."""


class SpeechVoices(Frozen, kw_only=True):
    """What a program of this machine can do; ``program`` is empty where there is none."""

    program: str
    own: bool
    """The person's own choice, whose voices are not known."""
    voices: tuple[SystemVoice, ...] = ()


class Spoken(Frozen, kw_only=True):
    """One sentence."""

    text: SpokenText
    language: Annotated[str, Meta(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""
    voice: SpokenVoice = SpokenVoice()


class SayParams(Frozen, kw_only=True):
    speech_id: SpeechId
    """Chosen by the page, so that it knows which events are its own."""
    sentences: Annotated[tuple[Spoken, ...], Meta(min_length=1, max_length=5_000)]


class StopParams(Frozen, kw_only=True):
    speech_id: SpeechId | None = None
    """Left out: whatever is being said."""


class SpeechAudio(Frozen, kw_only=True):
    """A sentence as sound."""

    kind: Literal["audio/wav", "audio/mpeg", "audio/ogg", "audio/flac"]
    base64: str


SpeechState = Literal["saying", "done", "failed"]


class SpeechProgress(Frozen, kw_only=True):
    speech_id: str
    index: int
    """Of the sentence, from 0."""
    state: SpeechState
    problem: Problem | None = None
