"""Scripts that start the server in another surrounding. They are given to `launch` as its executable."""

import os
import shlex
from pathlib import Path

from . import paths
from .place import Place

OWN_USER = 12_345
# Becomes that user, without further groups.
AS_OWN_USER = ["setpriv", "--reuid", str(OWN_USER), "--regid", str(OWN_USER), "--clear-groups"]


def wrapper(place: Place, name: str, command: str) -> Path:
    """`command` gets the server's arguments."""
    script = place.root / name
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    script.chmod(0o755)
    return script


def below_listener(place: Place) -> Path:
    """Below a listener of somebody else's, as in some containers: the kernel's gate cannot work."""
    words = [paths.SYSTEM_PYTHON, paths.SUITE / "harness" / "below_listener.py", paths.sre_agent()]
    return wrapper(place, "below-listener", shlex.join(map(str, words)))


def of_own_user(place: Place) -> Path:
    """A server that is not root, as it is installed. Needs root; everything of the place's becomes that user's."""
    for path in [place.root, *place.root.rglob("*")]:
        os.lchown(path, OWN_USER, OWN_USER)
    return wrapper(place, "own-user", shlex.join([*AS_OWN_USER, str(paths.sre_agent())]))
