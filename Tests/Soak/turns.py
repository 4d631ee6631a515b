"""The script of a turn, and the results that must follow from it. Every text and every line is unique."""

import random
import re
from dataclasses import dataclass, field

from harness.conversation import script

_TOKEN = re.compile(r"\bt\d+z\b")
_COMMAND = re.compile(r"\bt\d+zc\d+\b")


@dataclass
class Planned:
    token: str
    mode: str
    kind: str
    # The agent's messages, in order.
    texts: list[str] = field(default_factory=list)
    # The output of each command. The command's name is also its marker's, to which the command adds a line.
    outputs: dict[str, str] = field(default_factory=dict)
    # Commands that run so long that a client interrupts them, if one is connected.
    endless: set[str] = field(default_factory=set)
    script: str = ""


def token_in(text: str) -> str | None:
    found = _TOKEN.search(text)
    return found[0] if found else None


def command_in(text: str) -> str | None:
    found = _COMMAND.search(text)
    return found[0] if found else None


class _Author:
    def __init__(self, dice: random.Random, turn: Planned):
        self._dice = dice
        self._turn = turn

    def text(self, most: int) -> list[str]:
        pieces = [f"{self._turn.token} says {len(self._turn.texts)}:"]
        pieces += [f" {number}" for number in range(self._dice.randint(1, most))]
        self._turn.texts.append("".join(pieces))
        return pieces

    def command(self, lines: int, pause: str = "", endless: bool = False) -> str:
        name = f"{self._turn.token}c{len(self._turn.outputs)}"
        self._turn.outputs[name] = "".join(f"{name} {line}\n" for line in range(1, lines + 1))
        text = f"echo {name} >> {name}"
        if pause:
            half = lines // 2
            text += f"; seq -f '{name} %g' 1 {half}; sleep {pause}; seq -f '{name} %g' {half + 1} {lines}"
        else:
            text += f"; seq -f '{name} %g' 1 {lines}"
        if endless:
            self._turn.endless.add(name)
            text += "; sleep 20"
        return text


def _steps(kind: str, author: _Author, dice: random.Random) -> list[dict]:
    few = dice.choice((1, 5, 30))
    match kind:
        case "talk":
            return [{"text": author.text(700), "delayMilliseconds": dice.choice((0, 0, 2))}]
        case "commands":
            steps = []
            for _ in range(dice.randint(1, 3)):
                steps.append({"text": author.text(few), "command": author.command(dice.choice((1, 50, 2000)))})
            return [*steps, {"text": author.text(few)}]
        case "together":
            commands = [author.command(dice.choice((3, 300))) for _ in range(dice.randint(2, 3))]
            return [{"commands": commands}, {"text": author.text(few)}]
        case "much":
            return [{"command": author.command(dice.choice((5_000, 20_000)))}, {"text": author.text(few)}]
        case "slow":
            pause = dice.choice(("0.4", "1.5"))
            return [{"text": author.text(few), "command": author.command(200, pause)}, {"text": author.text(few)}]
        case "endless":
            return [{"command": author.command(2, endless=True)}, {"text": author.text(few)}]
    raise AssertionError(kind)


def plan(number: int, mode: str, dice: random.Random) -> Planned:
    kinds = ("talk", "commands", "together", "much", "slow", "endless")
    kind = dice.choices(kinds, (6, 8, 3, 2, 4, 2))[0]
    turn = Planned(f"t{number}z", mode, kind)
    turn.script = script(*_steps(kind, _Author(dice, turn), dice))
    return turn
