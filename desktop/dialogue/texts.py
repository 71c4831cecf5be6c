"""What the words of one language for the prompt are; the languages fill it in."""

from typing import NamedTuple

from desktop.protocol.models import Conversation, Drive, NarratorLevel, Output, Pace


class Texts(NamedTuple):
    """``{me}``, ``{narrator}``, ``{name}``, ``{names}`` stand for the names of the room."""

    me: str
    """What I am called when I have no name."""
    frames: dict[Conversation, str]
    frame_one: str
    frame_many: str
    frame_narrator: str
    """In place of the frame where the narrator alone is played."""
    frame_text: str
    format_one: str
    format_many: str
    format_apart: str
    """Where others play a part of the table."""
    format_brackets: str
    not_me: str
    quoting: str
    expressions: dict[str, str]
    """By ``table.Expression``."""
    narrators: dict[str, str]
    """By ``NarratorKind``."""
    narrator_elsewhere: str
    narrator_levels: dict[NarratorLevel, str]
    drives: dict[Drive, str]
    choices_narrator: str
    choices_character: str
    choices_off: str
    dice: str
    outputs: dict[Output, str]
    paces: dict[Pace, str]
    chat_paces: dict[Pace, str]
    house_rules: str
    heading_frame: str
    heading_format: str
    heading_expression: str
    heading_narrator: str
    heading_drive: str
    heading_choices: str
    heading_dice: str
    heading_output: str
    heading_pace: str
    heading_house_rules: str
    heading_world: str
    heading_situation: str
    heading_me: str
    heading_characters: str
    heading_others: str
    heading_secrets: str
    heading_example: str
    heading_lore: str
    heading_lore_now: str
    heading_summary: str
    heading_history: str
    heading_line: str
    heading_go_on: str
    heading_direction: str
    aliases: str
    line: str
    description: str
    speech: str
    examples: str
    relations: str
    hidden: str
    hidden_known: str
    hidden_unknown: str
    hidden_rule: str
    hidden_narrator: str
    history_cut: str
    history_summed: str
    history_on: str
    """Above the rest of the story where something stands in its midst."""
    ask: str
    ask_narrated: str
    ask_voice: str
    go_on: str
    voice_goes_on: str
    others: str
    """Above what a voice is told of the people somebody else plays."""
    direction: str
    example_me: str
    example_narrator: str
    example_gestures: tuple[str, str]
    example_said: tuple[str, str]
    example_mark: str
    """What stands between a gesture and the words."""
    example_sound: str
    example_deed: str
    example_offer: str
    example_ways: tuple[str, str, str, str, str]
    chat_example_me: str
    chat_example_said: tuple[str, str]
