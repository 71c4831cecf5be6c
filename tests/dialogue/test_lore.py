"""Which lore is told for a turn: every field of an entry, and a reason for every entry."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop.dialogue.lore import activate
from desktop.protocol.lore import Activation, Entry, Lorebook, LoreState
from desktop.protocol.models import Message
from tests.dialogue.tables import KEEPER, said

MESSAGES = tuple(
    replace(said(KEEPER, text, position=at), id=f"m{at}")
    for at, text in enumerate(["폭풍이 온다.", "등대로 가자.", "문이 잠겼다."], 1)
)


def entry(name: str, *keys: str, **fields: object) -> Entry:
    return Entry(id=name, content=f"{name}의 이야기", keys=keys, **fields)  # type: ignore[arg-type]


def book(*entries: Entry, **fields: object) -> Lorebook:
    return Lorebook(id="b", entries=entries, **fields)  # type: ignore[arg-type]


def tell(
    *books: Lorebook,
    line: str = "달이 밝다.",
    state: LoreState | None = None,
    rng: Callable[[int], int] = lambda sides: 1,
    budget: int | None = None,
    messages: tuple[Message, ...] = MESSAGES,
) -> Activation:
    start = state or LoreState()
    return activate(books, messages, line, start, rng, budget, estimate=len)


def told(activation: Activation) -> list[str]:
    return [one.entry.id for one in activation.fired]


def why_not(activation: Activation) -> dict[str, str]:
    return {one.entry_id: one.obstacle for one in activation.passed}


def test_a_key_fires_and_tells_the_key_and_the_message() -> None:
    result = tell(book(entry("a", "없음", "등대"), entry("b", "달"), entry("c", "배달")))
    by_message, by_line = result.fired
    assert (by_message.cause, by_message.key, by_message.message_id) == ("key", "등대", "m2")
    assert (by_line.key, by_line.message_id) == ("달", "")
    assert why_not(result) == {"c": "no_key"}


def test_the_newest_message_with_a_key_is_the_reason() -> None:
    result = tell(book(entry("a", "등대")), line="등대다!")
    assert result.fired[0].message_id == ""


@pytest.mark.parametrize(
    ("logic", "secondary", "fires"),
    [
        ("and_any", ("폭풍", "없음"), True),
        ("and_any", ("없음",), False),
        ("and_all", ("폭풍", "문"), True),
        ("and_all", ("폭풍", "없음"), False),
        ("not_any", ("없음",), True),
        ("not_any", ("없음", "문"), False),
        ("not_all", ("폭풍", "없음"), True),
        ("not_all", ("폭풍", "문"), False),
    ],
)
def test_secondary_keys_decide_by_their_logic(
    logic: str, secondary: tuple[str, ...], fires: bool
) -> None:
    result = tell(book(entry("a", "등대", secondary_keys=secondary, logic=logic)))
    assert told(result) == (["a"] if fires else [])
    if not fires:
        assert (result.passed[0].obstacle, result.passed[0].key) == ("secondary", "등대")


def test_what_is_switched_off_or_empty_is_told_as_such() -> None:
    result = tell(
        book(
            entry("off", "등대", enabled=False),
            Entry(id="empty", keys=("등대",)),
            entry("no keys"),
            entry("always", constant=True),
        )
    )
    assert told(result) == ["always"]
    assert result.fired[0].cause == "constant"
    assert why_not(result) == {"off": "disabled", "empty": "no_content", "no keys": "no_keys"}
    assert why_not(tell(book(entry("a", "등대"), enabled=False))) == {"a": "book_disabled"}


def test_words_compounds_case_and_spaces_count_as_the_entry_says() -> None:
    line = "등대지기 HARU가 온다"
    lines = {
        "word": entry("word", "등대"),
        "compound": entry("compound", "등대", match="compound"),
        "partial": entry("partial", "대지", match="partial"),
        "case": entry("case", "haru", case_sensitive=True),
        "any case": entry("any case", "haru"),
        "spaces": entry("spaces", "등 대 지 기", ignore_spaces=True),
    }
    result = tell(book(*lines.values()), line=line, messages=())
    assert sorted(told(result)) == ["any case", "compound", "partial", "spaces"]


def test_the_scan_reaches_as_far_back_as_it_says() -> None:
    for depth, fires in ((0, False), (1, False), (2, False), (3, True)):
        assert bool(told(tell(book(entry("a", "등대", scan_depth=depth))))) is fires, depth
    assert told(tell(book(entry("a", "등대"), scan_depth=2))) == []
    assert told(tell(book(entry("a", "등대", scan_depth=3), scan_depth=0))) == ["a"]


@pytest.mark.parametrize(
    ("key", "fires"),
    [
        ("/등대|항구/", True),
        ("등.로", True),
        ("/DEUNG/i", False),
        ("^폭풍", True),
        ("/문.*다/", True),
    ],
)
def test_patterns_are_looked_for(key: str, fires: bool) -> None:
    assert bool(told(tell(book(entry("a", key, use_regex=True))))) is fires


@pytest.mark.parametrize(
    "key",
    ["(a+)+$", "(a|a)*b", "(.*)*x", "(?:a?){30}a{30}", "(", r"(.)\1", ".*.*.*x", "a" * 301,
     "(?:(?:x*)y)+", "[", "(a{0,9}){0,9}", "a?" * 20],
)  # fmt: skip
def test_a_pattern_that_could_hang_is_refused(key: str) -> None:
    result = tell(book(entry("a", key, use_regex=True)), line="a" * 5_000)
    assert why_not(result) == {"a": "bad_pattern"}
    assert result.passed[0].key == key


def test_allowed_patterns_meet_hostile_text_without_hanging() -> None:
    for key in (".*a.*b", r"\w+\s*x", "(?:ab?){5}c", ".*x", "(?<name>등대)"):
        tell(book(entry("a", key, use_regex=True)), line="a" * 200_000)


def test_probability_is_drawn_once_and_told() -> None:
    def half(draw: int) -> list[str]:
        return told(tell(book(entry("a", "달", probability=50)), rng=lambda sides: draw))

    assert half(50) == ["a"]
    assert half(51) == []
    assert why_not(tell(book(entry("a", "달", probability=0)))) == {"a": "probability"}


def test_sticky_holds_for_its_turns_and_cooldown_bars_afterwards() -> None:
    lore = book(entry("a", "달", sticky=2, cooldown=2))
    state, story = LoreState(), []
    for line in ("달", "없음", "없음", "달", "달", "달"):
        result = tell(lore, line=line, state=state, messages=())
        story.append(result.fired[0].cause if result.fired else result.passed[0].obstacle)
        state = result.state
    assert story == ["key", "sticky", "sticky", "cooldown", "cooldown", "key"]
    assert state.turn == 6


def test_cooldown_without_sticky_begins_with_the_next_turn() -> None:
    lore = book(entry("a", constant=True, cooldown=1))
    first = tell(lore)
    second = tell(lore, state=first.state)
    assert (told(first), why_not(second)) == (["a"], {"a": "cooldown"})
    assert second.passed[0].turns == 1
    assert told(tell(lore, state=second.state)) == ["a"]


def test_a_state_is_a_value_so_the_same_turn_can_be_told_again() -> None:
    lore = book(entry("a", "달", sticky=3))
    before = tell(lore, messages=()).state
    again = [tell(lore, line="x", state=before, messages=()) for _ in range(2)]
    assert again[0] == again[1]


def test_delay_waits_for_its_turn() -> None:
    lore = book(entry("a", "달", delay=3))
    result = tell(lore)
    assert (result.passed[0].obstacle, result.passed[0].turns) == ("delay", 2)
    assert told(tell(lore, state=LoreState(turn=2))) == ["a"]


def chain(**fields: object) -> Lorebook:
    return book(
        Entry(id="one", keys=("달",), content="항구의 비밀"),
        Entry(id="two", keys=("항구",), content="선장의 이야기", **fields),  # type: ignore[arg-type]
        Entry(id="three", keys=("선장",), content="끝"),
        recursive=True,
    )


def test_what_is_told_fires_more_and_says_by_what() -> None:
    result = tell(chain())
    assert told(result) == ["one", "two", "three"]
    assert [(one.cause, one.by_entry) for one in result.fired] == [
        ("key", ""),
        ("recursion", "one"),
        ("recursion", "two"),
    ]


def test_recursion_can_be_kept_off() -> None:
    assert told(tell(replace(chain(), recursive=False))) == ["one"]
    assert told(tell(chain(exclude_recursion=True))) == ["one"]
    assert told(tell(chain(prevent_recursion=True))) == ["one", "two"]
    waits = chain(delay_until_recursion=True)
    assert why_not(tell(waits, line="항구", messages=()))["two"] == "recursion_only"
    assert told(tell(waits)) == ["one", "two", "three"]


def test_entries_that_fire_each_other_come_to_an_end() -> None:
    ring = [Entry(id=f"e{at}", keys=(f"w{at}",), content=f"w{(at + 1) % 30}") for at in range(30)]
    result = tell(book(*ring, recursive=True), line="w0", messages=())
    assert told(result) == [f"e{at}" for at in range(9)], "the line and eight passes"


def test_order_decides_the_place_and_ties_keep_the_books_order() -> None:
    first = book(entry("late", "달", order=200), entry("tie1", "달"), entry("tie2", "달"))
    second = Lorebook(id="c", entries=(entry("early", "달", order=1), entry("tie3", "달")))
    assert told(tell(first, second)) == ["early", "tie1", "tie2", "tie3", "late"]


def test_of_a_group_one_fires_by_weight() -> None:
    lore = book(entry("a", "달", group="g", weight=10), entry("b", "달", group="g", weight=90))
    assert told(tell(lore, rng=lambda sides: 10)) == ["a"]
    result = tell(lore, rng=lambda sides: 11)
    assert told(result) == ["b"]
    assert (result.passed[0].obstacle, result.passed[0].by_entry) == ("group", "b")


def test_who_is_held_keeps_the_group() -> None:
    lore = book(entry("a", "달", group="g", sticky=5), entry("b", "등대", group="g", weight=10_000))
    held = tell(lore, messages=()).state
    assert told(tell(lore, line="등대", state=held, rng=lambda sides: sides)) == ["a"]


def test_the_budget_takes_what_is_always_told_and_then_by_priority() -> None:
    cost = len("a의 이야기")
    lore = book(
        entry("a", "달", priority=1),
        entry("b", "달", priority=2),
        entry("c", constant=True),
        entry("d", "달", order=999),
    )
    result = tell(lore, budget=2 * cost)
    assert (told(result), result.tokens) == (["b", "c"], 2 * cost)
    assert why_not(result) == {"a": "budget", "d": "budget"}
    assert result.passed[0].tokens == cost
    own = tell(replace(lore, token_budget=cost))
    assert (told(own), set(why_not(own).values())) == (["c"], {"book_budget"})


def test_what_found_no_room_fires_nothing_else() -> None:
    result = tell(chain(), budget=3)
    assert told(result) == []
    assert why_not(result) == {"one": "budget", "two": "no_key", "three": "no_key"}


WORDS = ["달", "등대", "항구", "선장", "폭풍"]
ENTRIES = st.builds(
    Entry,
    id=st.just("x"),
    content=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    keys=st.lists(st.sampled_from([*WORDS, "(a+)+"]), max_size=2).map(tuple),
    secondary_keys=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    logic=st.sampled_from(["and_any", "not_all", "not_any", "and_all"]),
    use_regex=st.booleans(),
    constant=st.booleans(),
    enabled=st.booleans(),
    order=st.integers(-3, 3),
    priority=st.integers(-2, 2),
    probability=st.sampled_from([0, 50, 100]),
    sticky=st.integers(0, 2),
    cooldown=st.integers(0, 2),
    delay=st.integers(0, 3),
    exclude_recursion=st.booleans(),
    prevent_recursion=st.booleans(),
    delay_until_recursion=st.booleans(),
    group=st.sampled_from(["", "", "g"]),
)


@given(
    entries=st.lists(ENTRIES, max_size=8),
    lines=st.lists(st.sampled_from([*WORDS, "없음"]), min_size=1, max_size=5),
    budget=st.one_of(st.none(), st.integers(0, 30)),
    own_budget=st.one_of(st.none(), st.integers(0, 20)),
    recursive=st.booleans(),
    seed=st.randoms(use_true_random=False),
)
def test_every_entry_is_told_or_explained_and_no_budget_is_broken(
    entries: list[Entry],
    lines: list[str],
    budget: int | None,
    own_budget: int | None,
    recursive: bool,
    seed: object,
) -> None:
    named = tuple(replace(one, id=f"e{at}") for at, one in enumerate(entries))
    lore = book(*named, recursive=recursive, token_budget=own_budget)
    state = LoreState()
    for line in lines:
        draws = [int(seed.randint(1, 100)) for _ in range(40)]  # type: ignore[attr-defined]

        def told_with(
            draws: list[int] = draws, line: str = line, state: LoreState = state
        ) -> Activation:
            left = iter(draws)
            return tell(
                lore, line=line, state=state, budget=budget, rng=lambda n: next(left) % n + 1
            )

        result = told_with()
        assert result == told_with(), "the same chance tells the same"
        accounted = told(result) + [one.entry_id for one in result.passed]
        assert sorted(accounted) == sorted(one.id for one in named), "each exactly once"
        assert result.tokens == sum(len(one.entry.content) for one in result.fired)
        for limit in (budget, own_budget):
            assert limit is None or result.tokens <= limit
        places = [(one.entry.order, int(one.entry.id[1:])) for one in result.fired]
        assert places == sorted(places)
        grouped = [one for one in result.fired if one.entry.group]
        assert len(grouped) <= 1
        assert all(one.entry.enabled and one.entry.content.strip() for one in result.fired)
        state = result.state
