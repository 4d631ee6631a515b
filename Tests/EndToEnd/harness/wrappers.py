"""Scripts that start the server in another environment. Tests pass them to `launch` as the executable."""

import os
import shlex
from pathlib import Path

from . import paths
from .place import Place

OWN_USER = 12_345
# Switches to that user, without supplementary groups.
AS_OWN_USER = ["setpriv", "--reuid", str(OWN_USER), "--regid", str(OWN_USER), "--clear-groups"]


def wrapper(place: Place, name: str, command: str) -> Path:
    """`command` receives the server's arguments."""
    script = place.root / name
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    script.chmod(0o755)
    return script


def below_listener(place: Place) -> Path:
    """Runs below another process's seccomp listener, as in some containers, where the kernel gate cannot work."""
    words = [paths.SYSTEM_PYTHON, paths.SUITE / "harness" / "below_listener.py", paths.sre_agent()]
    return wrapper(place, "below-listener", shlex.join(map(str, words)))


def of_own_user(place: Place) -> Path:
    """A server that does not run as root, as in an installation. Needs root; its user gets the place's files."""
    for path in [place.root, *place.root.rglob("*")]:
        os.lchown(path, OWN_USER, OWN_USER)
    return wrapper(place, "own-user", shlex.join([*AS_OWN_USER, str(paths.sre_agent())]))
