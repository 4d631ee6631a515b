"""What the project says of codex, and was seen with one version of it."""

import re
import subprocess
from pathlib import Path

DECISIONS = "docs/decisions.md"
# Written by machines, or about one version for good.
LEFT_OUT = re.compile(r"^(requirements/|CHANGELOG\.md$|.*/[Rr]ecordings/.*\.(txt|jsonl)$|.*/Generated/)")


def seen_with(root: Path) -> str:
    """The version that the decisions were last held against."""
    found = re.search(r"seen with codex (\d+\.\d+\.\d+)", (root / DECISIONS).read_text())
    if not found:
        raise SystemExit(f"{DECISIONS} does not say with which codex it was seen.")
    return found[1]


def decisions(root: Path) -> list[str]:
    """The first sentence of each decision that speaks of codex."""
    paragraphs = (root / DECISIONS).read_text().split("\n\n")
    titles = [re.match(r"\*\*(.+?)\*\*", paragraph) for paragraph in paragraphs if "codex" in paragraph]
    return [title[1].rstrip(".,") for title in titles if title]


def mentions(root: Path, version: str) -> list[str]:
    """`file:line: text` wherever a version is named, whole or without its last number."""
    short = re.escape(version.rsplit(".", 1)[0])
    listed = subprocess.run(
        ["git", "grep", "-nIE", rf"(^|[^0-9.]){short}(\.[0-9]+)?([^0-9]|$)"], cwd=root, capture_output=True, text=True
    ).stdout.splitlines()
    return [shortened(line) for line in listed if not LEFT_OUT.match(line.split(":", 1)[0])]


def shortened(line: str) -> str:
    file, number, text = line.split(":", 2)
    text = text.strip()
    return f"{file}:{number}: {text if len(text) < 100 else text[:100] + '…'}"
