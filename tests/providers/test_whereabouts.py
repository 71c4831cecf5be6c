"""Where programs are looked for; folders that cannot be looked into must not hide the others."""

from pathlib import Path

import pytest

from desktop.providers.whereabouts import joined, known_folders


def test_a_folder_that_the_system_refuses_to_look_at_is_left_out(tmp_path: Path) -> None:
    # A name that is too long is refused for everyone, as a folder without permission is for most.
    refused = tmp_path / ("x" * 5_000)
    assert joined([refused, tmp_path], [tmp_path]) == [tmp_path]


@pytest.mark.parametrize(
    "place",
    [
        *("AppData/Roaming/npm", ".local/bin", "scoop/shims", "AppData/Local/Volta/bin"),
        *(
            "AppData/Local/pnpm",
            "AppData/Local/Yarn/bin",
            ".bun/bin",
            "AppData/Roaming/nvm/v22.1.0",
        ),
        "AppData/Roaming/fnm/node-versions/v22.1.0/installation",
    ],
)
def test_on_windows_the_folders_of_its_package_managers_are_known(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    assert tmp_path / place in joined(known_folders(tmp_path, {}, "win32"))


def test_homebrew_is_known_on_a_mac_whatever_the_path() -> None:
    known = [*known_folders(Path("/Users/me"), {}, "darwin")]
    assert {Path("/opt/homebrew/bin"), Path("/usr/local/bin")} <= set(known)
