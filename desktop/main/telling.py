"""Names the methods of the story and the shelf."""

from collections.abc import Mapping

from desktop.bridge.dispatch import Handler
from desktop.services.branching import Branching
from desktop.services.messages import Messages
from desktop.services.shelf import Shelf
from desktop.services.slots import SlotsService
from desktop.services.story import Story
from desktop.services.timeline import Timeline
from desktop.services.turns import Turns


def story_handlers(story: Story, turns: Turns, shelf: Shelf) -> Mapping[str, Handler]:
    """Every method about messages, branches, slots, undoing and the shelf."""
    messages, branching, slots = Messages(story), Branching(story), SlotsService(story)
    return {
        "room.list": shelf.list,
        "room.order": shelf.order,
        "room.archive": shelf.archive,
        "room.unarchive": shelf.unarchive,
        "room.duplicate": shelf.duplicate,
        "room.clear": shelf.clear,
        "room.delete_forever": shelf.delete_forever,
        "message.page": Timeline(story.database).page,
        "message.edit": messages.edit,
        "message.versions": messages.versions,
        "message.delete": messages.delete,
        "message.hide": messages.hide,
        "message.switch": branching.switch,
        "message.continue": turns.continue_message,
        "branch.tree": branching.tree,
        "branch.fork": branching.fork,
        "branch.go": branching.go,
        "branch.back": branching.back,
        "branch.name": branching.name,
        "branch.delete": branching.delete,
        "slot.list": slots.list,
        "slot.save": slots.save,
        "slot.go": slots.go,
        "slot.name": slots.name,
        "slot.delete": slots.delete,
        "history.state": story.state,
        "history.undo": story.undo,
        "history.redo": story.redo,
        "turn.continue": turns.go_on,
    }
