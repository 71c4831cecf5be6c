"""Which entries are told to every turn whatever is said in it."""

from desktop.protocol.lore import Entry


def stands(entry: Entry) -> bool:
    """Constant, and without anything that could make it come and go between turns."""
    return (
        entry.constant
        and entry.enabled
        and entry.probability >= 100
        and not (entry.delay or entry.cooldown or entry.group)
        and entry.position != "at_depth"
    )
