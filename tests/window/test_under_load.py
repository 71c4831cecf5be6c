"""Very fast answers and very long rooms in the real window: what is drawn and asked stays bounded.

Only counts are looked at; how long things take is measured in ``tests/benchmarks``.
"""

from collections.abc import Callable

import pytest

from tests.benchmarks.bench_window import bring_in
from tests.window.flood import flooding
from tests.window.gauge import Gauge
from tests.window.harness import PACE, App, wait_until
from tests.window.long_story import written
from tests.window.table import Table

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("built_page")]

TOKENS = 6_000
MESSAGES = 20_000
MOST_ROWS = 320
"""Rows drawn at once, however long the story is."""
CALLS = """() => {
  window.__calls = [];
  const { api } = window.pywebview;
  const call = api.call;
  api.call = (method, params) => {
    window.__calls.push(method);
    return call(method, params);
  };
}"""


def test_two_thousand_tokens_a_second_come_in_few_batches_and_none_is_lost(
    make_app: Callable[..., App],
) -> None:
    with flooding() as flood:
        table = Table(make_app("one"))
        bring_in(table, flood)
        flood.rate, flood.tokens = 2_000, TOKENS
        before = {each["id"] for each in table.stored()}
        with Gauge(table.page) as gauge:
            table.say("모두 한꺼번에 말해 보세요.")
            wait_until(lambda: flood.sent, "the answer is sent", 60)
            table.wait_for_the_end()
    # A display of 60 Hz shows no more than that; the sender's own pause is a hair shorter.
    assert gauge.measured.batches_a_second <= 65
    assert gauge.measured.events >= gauge.measured.batches
    said = [
        each
        for each in table.stored()
        if each["id"] not in before and each["author"]["kind"] != "user"
    ]
    words = " ".join(each["text"] for each in said).split()
    sent = "".join(flood.token(number) for number in range(TOKENS))
    assert words == [each for each in sent.split() if not each.startswith("[")]
    shown = {each["id"]: each["text"] for each in table.messages()}
    for each in said:
        drawn = shown[each["id"]].replace("*", "").split()
        assert drawn == each["text"].replace("*", "").split(), "the page shows what is stored"


def test_a_long_room_draws_a_few_hundred_rows_and_goes_anywhere_with_a_few_calls(
    make_app: Callable[..., App],
) -> None:
    app = make_app("one")
    written(app.data, MESSAGES)
    table = Table(app, **{PACE: "inf"})
    page = table.page
    rows = page.locator(".log [data-message-id]")

    def stands(position: int) -> bool:
        return bool(page.locator(f".log [data-message-id=m{position}]").count())

    def go(position: int) -> None:
        page.keyboard.press("Control+k")
        page.get_by_test_id("palette-input").fill(f"{position}번째")
        page.locator(f"#line-m{position}").click()
        wait_until(lambda: stands(position), "the line is shown")

    def drawn() -> list[int]:
        told: list[str] = rows.evaluate_all("all => all.map((row) => row.dataset.messageId)")
        return [int(each[1:]) for each in told]

    assert drawn()[-1] == MESSAGES
    page.evaluate(CALLS)
    go(7)
    asked = page.evaluate("window.__calls")
    assert asked.count("message.page") <= 2, "what lies between is not read"
    assert drawn()[0] == 1

    for _ in range(12):
        page.get_by_role("log").hover()
        page.mouse.wheel(0, 4_000)
        page.wait_for_timeout(150)
        assert rows.count() <= MOST_ROWS
    wait_until(lambda: drawn()[-1] > 160, "it is read on downwards")
    found = drawn()
    assert found == list(range(found[0], found[-1] + 1)), "without a gap"

    page.get_by_test_id("to-end").click()
    wait_until(lambda: stands(MESSAGES), "back at the end")
    assert rows.count() <= MOST_ROWS
    table.say("아직 거기 있나요?")
    wait_until(lambda: drawn_last(table) > MESSAGES, "the table goes on")


def drawn_last(table: Table) -> int:
    return max((each["position"] for each in table.stored()), default=0)
