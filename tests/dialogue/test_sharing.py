"""A number that is shared out is never more or less than it was."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.dialogue.sharing import shared_out


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), max_size=20))
def test_the_shares_add_up_and_none_is_negative(amount: int, weights: list[int]) -> None:
    shares = shared_out(amount, weights)
    assert len(shares) == len(weights)
    assert all(share >= 0 for share in shares)
    assert sum(shares) == (amount if weights else 0)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_each_share_is_within_one_of_its_part(amount: int, weights: list[int]) -> None:
    for share, weight in zip(shared_out(amount, weights), weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) <= 1


def test_one_half_and_two_quarters() -> None:
    assert shared_out(100, (50, 25, 25)) == (50, 25, 25)


def test_where_nobody_weighs_anything_the_first_has_it_all() -> None:
    assert shared_out(7, (0, 0)) == (7, 0)
