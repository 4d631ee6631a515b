"""Describes the machine and the programs that were measured."""

import os
import platform
import re
import subprocess
from pathlib import Path

from . import build, paths
from .servers import OURS_PLAIN, Server


def describe() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    size = f"{int(memory[1]) / (1 << 20):.0f} GiB" if memory else "unknown memory"
    cores = os.cpu_count()
    return f"{model[1] if model else platform.machine()}, {cores} cores, {size}, Linux {platform.release().split('-')[0]}"


def versions(servers: list[Server]) -> list[str]:
    """One line for each measured program."""
    commands = {
        "relay": ["cc", "--version"],
        "websocketd": ["dpkg-query", "--show", "websocketd"],
        "node": ["node", "--version"],
        "bun": [build.bun() or "bun", "--version"],
        "sre-agent": [paths.sre_agent(), "--version"],
    }
    titles = {"relay": "C compiler", "sre-agent": "SRE Agent Server"}
    found = [
        f"{titles.get(server.name, server.title)}: {_first_line(commands[server.name])}"
        for server in servers
        if server.name != OURS_PLAIN
    ]
    return [*found, f"codex: {_first_line([paths.codex(), '--version'])}"]


def _first_line(command: list[str | Path]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return done.stdout.strip().splitlines()[0].replace("\t", " ")
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return "unknown"
