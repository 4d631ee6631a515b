"""The pinned version of codex, and where it stands."""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

RUNTIME = "openai-codex-cli-bin"
SDK = "openai-codex"
PLATFORMS = ("manylinux_2_17_x86_64", "manylinux_2_17_aarch64")
VERSION = re.compile(r"\d+\.\d+\.\d+")


def current(root: Path) -> str:
    found = re.search(rf"^{RUNTIME}==(\S+)", (root / "requirements/codex.txt").read_text(), re.MULTILINE)
    if not found:
        raise SystemExit(f"requirements/codex.txt does not pin {RUNTIME}.")
    return found[1]


def write(root: Path, version: str) -> None:
    """Pins a version. Everything is fetched before a file changes."""
    hashes = sorted(digest(RUNTIME, version, platform) for platform in PLATFORMS)
    # The tests' SDK is of the same version; it says so itself when there is none.
    digest(SDK, version, PLATFORMS[0])
    runtime, tests = root / "requirements/codex.txt", root / "requirements/tests.txt"
    comment = runtime.read_text().splitlines()[0]
    options = " \\\n".join(f"    --hash=sha256:{value}" for value in hashes)
    runtime.write_text(f"{comment}\n{RUNTIME}=={version} \\\n{options}\n")
    tests.write_text(re.sub(rf"^{SDK}==\S+", f"{SDK}=={version}", tests.read_text(), flags=re.MULTILINE))


def digest(package: str, version: str, platform: str) -> str:
    """SHA-256 of a package's wheel for a platform."""
    with tempfile.TemporaryDirectory() as directory:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary", ":all:", "--platform", platform, "--dest", directory, f"{package}=={version}",
        ]
        if subprocess.run(command).returncode:
            raise SystemExit(f"There is no {package} {version} for {platform}. Nothing was changed.")
        [wheel] = Path(directory).iterdir()
        with wheel.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
