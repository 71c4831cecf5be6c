"""Estimates by script, and how they are corrected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.providers.token_estimate import Calibration, estimate


@pytest.mark.parametrize(
    ("text", "vendors"),
    [
        # Characters and the tokens of three vocabularies per character, as measured.
        (
            "오늘은 비가 오네. 우산은 챙겼어? 같이 쓰고 갈래? 커피는 네가 사는 거다." * 10,
            (0.67, 1.20),
        ),
        (
            "It rains today. Did you bring an umbrella? Shall we share mine on the way?" * 10,
            (0.22, 0.23),
        ),
        ("今日は雨が降っている。傘は持ってきたの。一緒に入っていこうか。" * 10, (0.88, 1.19)),
        ("今天下雨了你带伞了吗要不要一起走咖啡你来请客吧" * 10, (1.06, 1.41)),
    ],
)
def test_an_estimate_is_near_what_vendors_count(text: str, vendors: tuple[float, float]) -> None:
    least, most = vendors
    assert least * len(text) <= estimate(text) <= 1.2 * most * len(text)


def test_nothing_costs_nothing_and_anything_costs_something() -> None:
    assert estimate("") == 0
    assert estimate("a") == 1


def test_scripts_weigh_differently() -> None:
    assert estimate("a" * 100) < estimate("1" * 100) < estimate("가" * 100) < estimate("漢" * 100)
    assert estimate("👩" * 100) > estimate("漢" * 100)
    assert estimate(" " * 100) < estimate("a" * 100)


@given(st.text(), st.text())
def test_two_texts_cost_what_they_cost_together(first: str, second: str) -> None:
    apart = estimate(first) + estimate(second)
    assert apart - 1 <= estimate(first + second) <= apart


@given(st.text(min_size=1))
def test_every_character_is_counted_once(text: str) -> None:
    assert 0 < estimate(text) <= 2 * len(text) + 1


@given(st.floats(0.3, 3.0))
def test_reports_pull_the_calibration_to_the_truth(truth: float) -> None:
    calibration = Calibration()
    for _ in range(30):
        calibration = calibration.learned(10_000, round(10_000 * truth))
    assert calibration.corrected(10_000) == pytest.approx(10_000 * truth, rel=0.01)
    assert calibration.samples == 30


def test_the_first_report_counts_whole_and_a_later_one_a_fifth() -> None:
    calibration = Calibration().learned(1_000, 800)
    assert calibration.factor == pytest.approx(0.8)
    for _ in range(20):
        calibration = calibration.learned(1_000, 800)
    assert calibration.learned(1_000, 1_800).factor == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("estimated", "reported"), [(5, 5_000), (1_000, 0), (1_000, -3), (1_000, 10**9), (10**6, 7)]
)
def test_short_texts_and_absurd_reports_teach_nothing(estimated: int, reported: int) -> None:
    before = Calibration(factor=0.9, samples=3)
    assert before.learned(estimated, reported) == before


def test_without_reports_an_estimate_stays_as_it_is() -> None:
    assert Calibration().corrected(123) == 123
