"""Whose work is inside is told as the package tells it, and not at all from source."""

from pathlib import Path

import pytest

from desktop.main import diagnosis
from desktop.protocol.method import Nothing
from devkit.bundle import notices


async def test_the_account_of_a_package_is_read_as_it_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "shipped", lambda: tmp_path)
    assert (await diagnosis.third_parties(Nothing())).text == ""
    (tmp_path / "THIRD-PARTY-NOTICES.txt").write_text("ICU 73 – Unicode-3.0", "utf-8")
    assert (await diagnosis.third_parties(Nothing())).text == "ICU 73 – Unicode-3.0"


def test_the_packages_account_has_the_name_that_is_read() -> None:
    assert notices.NOTICES == diagnosis.NOTICES
