"""The two commands: ``python3 build/dev.py run`` and ``python3 build/dev.py test``.

Everything they need is set up on the way, into .venv/, ui/node_modules/ and out/, and once only.
Needs nothing but Python 3.11 or newer. ``--help`` lists the other commands.
"""

import os
import shutil
import sys

NEWEST_MINOR = 15


def use_new_enough_python() -> None:
    """Go on with a newer Python where this one is too old; this part runs on any Python 3."""
    if sys.version_info >= (3, 11):  # noqa: UP036  (an old Python may be the one reading)
        return
    for minor in range(NEWEST_MINOR, 10, -1):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031  (an old Python reads this line)
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])


if __name__ == "__main__":
    use_new_enough_python()
    sys.dont_write_bytecode = True
    from devkit.commands import main

    sys.exit(main(sys.argv[1:]))
