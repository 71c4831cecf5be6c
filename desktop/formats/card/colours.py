"""Our twelve dyes as the colours of the web, and the dye that is nearest to a colour."""

import re
from typing import get_args

from desktop.protocol.models import Dye

COLOURS: dict[str, str] = {
    "jjok": "#2e5286", "chija": "#b07d12", "jadu": "#863856", "iki": "#627a4a",
    "doraji": "#7c68a8", "mulsae": "#2c828e", "gam": "#cc683a", "sol": "#2c6250",
    "seokryu": "#b03a42", "olive": "#74703a", "bidulgi": "#5f6c7a", "pat": "#764242",
}  # fmt: skip


def rgb(colour: str) -> tuple[int, int, int] | None:
    """The three parts of ``#RGB`` or ``#RRGGBB``; ``None`` for anything else."""
    if re.fullmatch(r"#[0-9a-fA-F]{3}", colour):
        colour = "#" + "".join(char * 2 for char in colour[1:])
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) is None:
        return None
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def nearest(colour: str) -> Dye:
    """The dye most like a colour; the first one where it is none."""
    dyes: tuple[Dye, ...] = get_args(Dye)
    wanted = rgb(colour)
    if wanted is None:
        return dyes[0]

    def apart(dye: Dye) -> int:
        there = rgb(COLOURS[dye]) or (0, 0, 0)
        return sum((one - other) ** 2 for one, other in zip(wanted, there, strict=True))

    return min(dyes, key=apart)
