"""A person's hands for a whole evening, and a memory of their own of what was said.

The memory is filled from what the hands typed and from each answer as it was stored, and follows
every act by the rule a person would expect of it. It shares nothing with the program's own trees
and books.
"""

import re
import time
from typing import Any

from tests.window.harness import PACE, App, wait_until
from tests.window.table import Table


class Evening:
    """``rows`` are all messages ever seen, by id; ``path`` is the story as it should be shown."""

    def __init__(self, app: App) -> None:
        self.table = Table(app, **{PACE: "inf"})
        self.room = self.table.room_id
        self.rows: dict[str, dict[str, Any]] = {}
        self.path: list[str] = []
        self.turns: set[str] = set()
        self.take()

    @property
    def page(self) -> Any:
        return self.table.page

    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.table.call("room.open", room_id=self.room)
        return view

    def texts(self) -> list[str]:
        return [self.rows[one]["text"] for one in self.path]

    def check(self, stored: list[dict[str, Any]] | None = None) -> None:
        """The newest page of what is stored is the end of what is remembered."""
        stored = self.view()["messages"] if stored is None else stored
        newest = self.path[-len(stored) :] if stored else []
        assert [one["id"] for one in stored] == newest
        assert [one["text"] for one in stored] == [self.rows[one]["text"] for one in newest]

    def take(self) -> list[dict[str, Any]]:
        """Learn what was stored behind the last message known; nothing before it may differ."""
        stored = self.view()["messages"]
        ids = [one["id"] for one in stored]
        at = ids.index(self.path[-1]) + 1 if self.path else 0
        for one in stored[at:]:
            self.rows[one["id"]] = one
            self.path.append(one["id"])
        self.check(stored)
        return list(stored[at:])

    def answered(self, before: str) -> None:
        """Until another turn than ``before`` has ended, in the program and on the page."""

        def over() -> str:
            # Each look fetches a page of messages: not too often.
            time.sleep(0.05)
            view = self.view()
            newest = view["last_turn"]
            ended = view["running"] is None and newest is not None and newest["id"] != before
            return newest["id"] if ended else ""

        self.turns.add(wait_until(over, "the turn ends", 60))
        wait_until(lambda: not self.table.answering, "the page knows it", 60)

    def last_turn(self) -> str:
        newest = self.view()["last_turn"]
        return str(newest["id"]) if newest else ""

    def say(self, text: str) -> str:
        """Say a line, hear the answer to it; returns the line's id."""
        before = self.last_turn()
        self.table.say(text)
        self.answered(before)
        new = self.take()
        kinds = [one["author"]["kind"] for one in new]
        mine = kinds.index("user")
        assert kinds[:mine] == ["dice"] * text.count("[["), "what a line asks for is rolled first"
        assert new[mine]["text"] == text
        assert set(kinds[mine + 1 :]) & {"character", "narrator"}
        return str(new[mine]["id"])

    def row(self, one: str) -> Any:
        return self.page.locator(f"[data-message-id='{one}']")

    def press_on(self, one: str, key: str) -> None:
        self.row(one).focus()
        self.page.keyboard.press(key)

    def from_sheet(self, one: str, deed: str) -> None:
        self.row(one).focus()
        self.row(one).get_by_test_id("deed-more").click()
        self.page.get_by_test_id(f"sheet-{deed}").click()

    def shows(self, what: str) -> None:
        """Wait for the program to stand where the memory stands, then compare everything."""

        def there() -> bool:
            stored = self.view()["messages"]
            ids = [one["id"] for one in stored]
            return bool(ids == self.path[-len(ids) :] if ids else not self.path)

        wait_until(there, what)
        self.check()

    def choose(self) -> None:
        """Click the second of the ways on that the last message offers."""
        newest = self.rows[self.path[-1]]["text"]
        offered = re.findall(r"^([A-E])\) (.+)$", newest, re.MULTILINE)
        before = self.last_turn()
        button = self.row(self.path[-1]).get_by_test_id("choice").nth(1)
        button.click()
        self.answered(before)
        assert self.take()[0]["text"] == offered[1][1]

    def edit(self, one: str, text: str) -> None:
        self.press_on(one, "KeyE")
        field = self.page.get_by_test_id("edit-input")
        field.fill(text)
        field.press("Control+Enter")
        field.wait_for(state="detached")
        self.rows[one] = {**self.rows[one], "text": text}
        wait_until(lambda: self.view_text(one) == text, "the edit is stored")
        self.check()

    def view_text(self, one: str) -> str:
        return "".join(each["text"] for each in self.view()["messages"] if each["id"] == one)

    def remove(self, one: str) -> None:
        self.press_on(one, "Delete")
        self.path.remove(one)
        self.shows("the message is gone")

    def undo(self, path: list[str]) -> None:
        self.page.keyboard.press("Control+KeyZ")
        self.path = list(path)
        self.shows("it is taken back")

    def hide(self, one: str) -> None:
        self.press_on(one, "KeyH")
        self.row(one).get_by_test_id("hidden-mark").wait_for()
        self.check()

    def go_on(self) -> None:
        """The newest message is continued: it grows, or others speak behind it."""
        one, before = self.path[-1], self.last_turn()
        old = self.rows[one]["text"]
        self.from_sheet(one, "go-on")
        self.answered(before)
        now = self.view_text(one)
        assert now.startswith(old)
        self.rows[one] = {**self.rows[one], "text": now}
        assert self.take() or now != old

    def again(self, direction: str = "") -> list[str]:
        """The newest line is answered anew; returns the path with the answer of before."""
        old, before = list(self.path), self.last_turn()
        line = max(at for at, one in enumerate(old) if self.kind(one) == "user")
        if direction:
            self.from_sheet(old[-1], "direct")
            self.page.get_by_test_id("direction-input").fill(direction)
            self.page.get_by_test_id("direction-input").press("Enter")
        else:
            self.table.input.press("Control+Enter")
        self.answered(before)
        self.path = old[: line + 1]
        assert self.take()
        assert self.path != old
        return old

    def kind(self, one: str) -> str:
        return str(self.rows[one]["author"]["kind"])

    def leaf(self, key: str, path: list[str]) -> None:
        """Turn to another answer with an arrow key in the empty field."""
        self.table.input.click()
        self.table.input.press(key)
        self.path = list(path)
        self.shows("the other answer stands there")

    def fork(self, one: str) -> None:
        self.press_on(one, "KeyB")
        self.path = self.path[: self.path.index(one) + 1]
        self.shows("a branch begins here")

    def bookmark(self) -> list[str]:
        self.from_sheet(self.path[-1], "bookmark")
        wait_until(self.slots, "the bookmark is there")
        return list(self.path)

    def slots(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.table.call("slot.list", room_id=self.room)["slots"]
        return [one for one in found if not one["before"]]

    def move(self, path: list[str], *, branch: str = "", slot: str = "") -> None:
        """Go to a branch's end or to a bookmark, through the map of branches."""
        self.page.get_by_test_id("open-branches").click()
        self.page.get_by_test_id("branches").wait_for()
        if branch:
            row = f"[data-testid=branch-row][data-branch='{branch}']"
            self.page.locator(row).last.click()
        else:
            self.page.get_by_test_id("slot").filter(has_text=slot).first.click()
        self.page.get_by_test_id("branch-move").click()
        self.path = list(path)
        self.shows("the story stands there")
        self.table.ready()

    def branch(self) -> str:
        return str(self.view()["room"]["branch_id"])

    def rolls(self, label: str, formula: str, plus: int = 0) -> None:
        """The newest roll fell for this; remember it as a reader should find it in a book."""
        one = next(each for each in reversed(self.path) if self.kind(each) == "dice")
        faces = self.rows[one]["roll"]["roll"]["outcomes"][0]["groups"][0]["faces"]
        fell = [face["rolled"] for face in faces]
        total = sum(fell) + plus
        limit = re.search(r"([<>]=)(\d+)", formula)
        came = ""
        if limit:
            held = total >= int(limit[2]) if limit[1] == ">=" else total <= int(limit[2])
            came = " 성공" if held else " 실패"
        told = f"{label}: {formula} = {total} [{', '.join(map(str, fell))}]{came}"
        self.rows[one] = {**self.rows[one], "told": told}

    def command_roll(self, line: str) -> None:
        self.table.say(line)
        wait_until(lambda: self.view()["messages"][-1]["author"]["kind"] == "dice", "it is rolled")
        wait_until(lambda: self.table.input.input_value() == "", "the field is free")
        assert [one["author"]["kind"] for one in self.take()] == ["dice"]

    def restart(self) -> None:
        assert self.table.app.close() == 0
        self.table = Table(self.table.app, **{PACE: "inf"})
        assert self.table.room_id == self.room
        self.check()

    def book(self) -> str:
        """The whole story as Markdown, written from memory."""
        told = f"# {self.view()['room']['title']}\n\n"
        for number, (one, following) in enumerate(
            zip(self.path, [*self.path[1:], ""], strict=True), start=1
        ):
            row = self.rows[one]
            text = row.get("told", row["text"])
            told += f"## {number}. {row['author']['name']}\n\n{text}\n\n"
            turn = row["turn_id"] if self.kind(one) in ("character", "narrator") else ""
            if turn and (not following or self.rows[following]["turn_id"] != turn):
                told += "---\n\n"
        return told
