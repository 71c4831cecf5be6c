"""Every pattern of a grammar in one list, for the tests of the storyteller."""

from desktop.providers.storyteller.grammar import Grammar


def patterns(grammar: Grammar) -> list[str]:
    every = [*grammar.sounds, *grammar.gestures, *grammar.openings, *grammar.omens, *grammar.rolls]
    for voice in grammar.voices:
        every += [*voice.echoes, *voice.follow_ups]
        for replies in voice.replies.values():
            every += replies
    for scenes in grammar.scenes.values():
        every += scenes
    for choice in grammar.choices:
        every += [choice.lead, *choice.ways]
    return every
