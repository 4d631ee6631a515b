"""Access tokens, made and ended by the program itself."""

from . import program
from .place import Place


def create(place: Place, name: str, role: str, *arguments: str) -> str:
    """The token's secret, which is shown this once."""
    result = program.run(place, "token", "create", "--name", name, "--role", role, *arguments)
    assert result.returncode == 0, result
    return result.stdout.strip()


def revoke(place: Place, token: str) -> None:
    """By its name or id."""
    result = program.run(place, "token", "revoke", token)
    assert result.returncode == 0, result
