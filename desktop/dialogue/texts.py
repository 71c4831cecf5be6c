"""What the words of one language for the prompt are; the languages fill it in."""

from typing import NamedTuple

from desktop.protocol.models import NarratorLevel


class Texts(NamedTuple):
    """``{me}``, ``{narrator}``, ``{first}``, ``{second}`` stand for the names of the room."""

    me: str
    """What I am called when I have no name."""
    frame: str
    format: str
    not_me: str
    narrator_ai: str
    narrator_levels: dict[NarratorLevel, str]
    narrator_me: str
    narrator_none: str
    nobody: str
    """The format when there is no character, only an AI narrator."""
    heading_frame: str
    heading_format: str
    heading_narrator: str
    heading_world: str
    heading_situation: str
    heading_me: str
    heading_characters: str
    heading_example: str
    heading_history: str
    heading_line: str
    heading_go_on: str
    quoting: str
    aliases: str
    line: str
    description: str
    speech: str
    history_cut: str
    ask: str
    ask_narrated: str
    go_on: str
    example_me: str
    example_narrator: str
    example_first: str
    example_second: str
