"""Every method's parameters and results are types that can be read."""

import msgspec
import pytest

from desktop.protocol.methods import METHODS


@pytest.mark.parametrize("name", METHODS)
def test_what_goes_in_and_out_of_a_method_can_be_decoded(name: str) -> None:
    # Such a type is only looked at when the first value of it comes.
    msgspec.json.Decoder(METHODS[name].params)
    msgspec.json.Decoder(METHODS[name].result)
