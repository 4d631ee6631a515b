"""Each approval ended once, by one answer, and exactly the accepted commands ran."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ledger import Ledger
from proof import Proof
from turns import Planned
from views import View

UNHEARD = "unheard of"
PERSONS = {"accept", "acceptForSession", "decline", "cancel"}


def approvals(ledger: Ledger, views: list[View], markers: Iterable[Path]) -> Proof:
    proof = Proof("approvals")
    outcomes = _outcomes(views, proof)
    proof.number(len(outcomes), "questions")
    for word, count in sorted(Counter(outcomes.values()).items()):
        proof.number(count, word)
    _answers(views, outcomes, proof)
    _markers(ledger, views, outcomes, {path.name: len(path.read_text().splitlines()) for path in markers}, proof)
    return proof


def _outcomes(views: list[View], proof: Proof) -> dict[str, str]:
    """How each approval ended: once, and with the same outcome for every client that was shown it."""
    outcomes: dict[str, str] = {}
    for view in views:
        for question, command in view.questions.items():
            ends = view.decisions.get(question, [])
            name = f"{view.name}: question {question} about {command}"
            proof.holds(len(ends) <= 1, f"{name} ended {len(ends)} times: {ends}")
            if not ends and view.ending == "finished" and question not in view.unheard:
                proof.against.append(f"{name} has no end")
            for word in ends:
                known = outcomes.get(question, UNHEARD)
                proof.holds(known in (word, UNHEARD), f"{name} ended as {word}, not {known}")
                outcomes[question] = word
            outcomes.setdefault(question, UNHEARD)
    return outcomes


def _answers(views: list[View], outcomes: dict[str, str], proof: Proof) -> None:
    """At most one of the answers to an approval won; all others were rejected."""
    told, unrejected, words = 0, Counter[str](), dict[str, set[str]]()
    for view in views:
        for answer in view.answers:
            words.setdefault(answer.question, set()).add(answer.word)
        for question, sent in Counter(answer.question for answer in view.answers).items():
            firm = [answer.word for answer in view.answers if answer.firm and answer.question == question]
            rejected, outcome = view.rejections[question], outcomes.get(question, UNHEARD)
            told += rejected
            proof.holds(rejected <= sent, f"{view.name}: more rejections than answers to {question}")
            unrejected[question] += max(0, len(firm) - rejected)
            if len(firm) > rejected and outcome != UNHEARD:
                told_less = f"{view.name}: of {firm} to {question} ({outcome}) only {rejected} were rejected"
                proof.holds(outcome in firm, told_less)
    for question, count in unrejected.items():
        word = outcomes.get(question, UNHEARD)
        allowed = 1 if word in PERSONS or word == UNHEARD else 0
        proof.holds(count <= allowed, f"{question} ({word}): {count} answers were neither used nor rejected")
    for question, word in outcomes.items():
        proof.holds(word not in PERSONS or word in words.get(question, ()), f"{question}: nobody said {word}")
    proof.number(sum(len(view.answers) for view in views), "answers")
    proof.number(told, "rejected with a reason")


def _must_run(turn: Planned, ended: set[str | None], refused: set[str]) -> bool:
    return turn.token in ended and not (turn.kind == "together" and turn.token in refused)


def _markers(
    ledger: Ledger, views: list[View], outcomes: dict[str, str], markers: dict[str, int], proof: Proof
) -> None:
    """The accepted commands ran, and each ran once."""
    asked = {command: question for view in views for question, command in view.questions.items() if command}
    accepted = {a.question for view in views for a in view.answers if a.word.startswith("accept")}
    ended = {turn.token for view in views for turn in view.turns.values() if turn.status == "completed"}
    done: dict[str, tuple[str, bool]] = {}
    for view in views:
        for name, (status, whole) in view.commands.items():
            if name.partition("c")[0] in ended:
                proof.holds(status != "completed" or whole, f"{view.name}: what {name} printed is not complete")
            if name not in done or status == "completed":
                done[name] = (status, whole)
    # In code mode, the end of one of several calls ends the script that makes them.
    refused = {
        name.partition("c")[0] for name, question in asked.items() if not outcomes[question].startswith("accept")
    }
    run = excused = 0
    for name, question in asked.items():
        lines, word = markers.get(name, 0), outcomes[question]
        if not word.startswith("accept") and word != UNHEARD:
            proof.holds(lines == 0, f"{name} ran although it was {word}")
        elif word.startswith("accept") and _must_run(ledger.turns[name.partition("c")[0]], ended, refused):
            run += 1
            proof.holds(lines == 1, f"{name} was accepted and its turn completed, but it ran {lines} times")
            proof.holds(done.get(name, ("", True))[0] != "failed", f"{name} failed")
        else:
            excused += 1
    for name, lines in markers.items():
        proof.holds(lines == 1, f"{name} ran {lines} times")
        proof.holds(asked.get(name) in accepted, f"{name} ran and nobody accepted it")
    proof.number(run, "accepted commands that ran once")
    proof.number(excused, "others whose turn was stopped, or cut by the end of its agent")
    whole = sum(status == "completed" and all_there for status, all_there in done.values())
    proof.number(whole, "outputs complete")
