"""Git repositories for tests, with their own author name and address."""

import subprocess
from pathlib import Path

NAMES = ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "-c", "protocol.file.allow=always"]


def git(directory: Path, *arguments: str, check: bool = True) -> None:
    subprocess.run(["git", "-C", directory, *NAMES, *arguments], check=check, capture_output=True)


def committed(directory: Path, file: str) -> Path:
    """Creates a repository whose only commit adds this file."""
    directory.mkdir(parents=True)
    git(directory, "init", "-q", "-b", "main")
    (directory / file).write_text("one\n")
    git(directory, "add", ".")
    git(directory, "commit", "-q", "-m", "first")
    return directory
