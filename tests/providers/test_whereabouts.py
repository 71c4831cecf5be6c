"""Folders of a PATH that cannot be looked into must not hide the others."""

from pathlib import Path

from desktop.providers.whereabouts import joined


def test_a_folder_that_the_system_refuses_to_look_at_is_left_out(tmp_path: Path) -> None:
    # A name that is too long is refused for everyone, as a folder without permission is for most.
    refused = tmp_path / ("x" * 5_000)
    assert joined([refused, tmp_path], [tmp_path]) == [tmp_path]
