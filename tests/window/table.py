"""The table as a person's eyes and hands find it: the page's own hooks, put into words."""

from typing import Any

from tests.window.harness import App, reach_table, wait_until


class Table:
    """The page of a running program."""

    def __init__(self, app: App, **env: str) -> None:
        self.app = app
        self.page = app.start(**env)
        self.ready()

    def ready(self) -> None:
        reach_table(self.page)
        self.page.get_by_test_id("room-title").wait_for()

    @property
    def input(self) -> Any:
        return self.page.get_by_test_id("composer-input")

    def say(self, text: str) -> None:
        """Type as an input method commits it, and send."""
        self.input.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def messages(self) -> list[dict[str, str]]:
        """What is on the table, from top to bottom."""
        found: list[dict[str, str]] = self.page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=message]')].map((m) => ({
                 id: m.dataset.messageId, status: m.dataset.status, kind: m.dataset.authorKind,
                 text: m.querySelector('[data-testid=message-text]')?.textContent.trim() ?? '',
               }))"""
        )
        return found

    def choices(self) -> dict[str, list[list[str]]]:
        """The buttons under each message that has any: their marks and words, by its id."""
        found: dict[str, list[list[str]]] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll('[data-testid=message]')]
                 .map((m) => [m.dataset.messageId, [...m.querySelectorAll('[data-testid=choice]')]
                   .map((c) => [...c.querySelectorAll('span')].map((s) => s.textContent))])
                 .filter(([, buttons]) => buttons.length))"""
        )
        return found

    def watch_growth(self) -> None:
        """Count from now on, inside the page, every length that what is streaming grows to."""
        self.page.evaluate(
            """() => {
              window.grownTo = new Set();
              new MutationObserver(() => {
                const streaming = [...document.querySelectorAll(
                  '[data-status=streaming] [data-testid=message-text]')];
                const length = streaming.reduce((sum, m) => sum + m.textContent.length, 0);
                if (length) window.grownTo.add(`${streaming.length} ${length}`);
              }).observe(document.body, { subtree: true, childList: true, characterData: true });
            }"""
        )

    def steps_of_growth(self) -> int:
        return int(self.page.evaluate("window.grownTo.size"))

    def stored(self) -> list[dict[str, Any]]:
        """What the program says it has, over the page's own bridge."""
        view = self.call("room.open", room_id=self.room_id)
        return list(view["messages"])

    @property
    def room_id(self) -> str:
        return str(self.call("app.open")["room"]["room"]["id"])

    def call(self, name: str, /, **params: Any) -> Any:
        answer = self.page.evaluate(
            "([name, params]) => window.pywebview.api.call(name, params)", [name, params]
        )
        assert answer["problem"] is None, answer["problem"]
        return answer["result"]

    @property
    def answering(self) -> bool:
        button = self.page.get_by_test_id("send-button")
        return bool(button.get_attribute("data-state") == "stop")

    def wait_for_text(self, count: int = 1) -> None:
        """Until the answer has begun to stand on the table."""
        wait_until(
            lambda: sum(
                m["status"] == "streaming" and len(m["text"]) > count for m in self.messages()
            ),
            "a streaming bubble with text",
        )

    def wait_for_the_end(self) -> None:
        wait_until(
            lambda: not self.answering and all(m["status"] != "streaming" for m in self.messages()),
            "the turn ends",
            60,
        )

    def turn(self, text: str) -> list[dict[str, str]]:
        """Say something and wait; returns the new bubbles, mine first."""
        before = len(self.messages())
        self.say(text)
        wait_until(lambda: len(self.messages()) > before + 1, "an answer begins")
        self.wait_for_the_end()
        return self.messages()[before:]
