"""No message and no request was lost or duplicated."""

from ledger import Ledger
from proof import Proof
from views import View


def messages(ledger: Ledger, views: list[View]) -> Proof:
    proof = Proof("messages")
    for view in views:
        proof.against += [f"{view.name}: {fault}" for fault in view.faults]
        proof.holds(view.ending != "unfinished", f"{view.name}: the view has no end")
    proof.number(sum(view.frames for view in views), "frames")
    proof.number(len(views), "views")
    proof.number(sum(view.resumes for view in views), "resumes")
    gaps = [gap for view in views for gap in view.gaps]
    proof.number(len(gaps), f"announced gaps ({sum(gaps)} frames)")
    proof.number(sum(view.messages for view in views), "agent messages equal to their deltas")
    _turns(ledger, views, proof)
    return proof


def _turns(ledger: Ledger, views: list[View], proof: Proof) -> None:
    first: dict[str, tuple[View, str]] = {}
    seen = compared = 0
    for view in views:
        for name, turn in view.turns.items():
            if turn.status != "completed":
                continue
            seen += 1
            planned = ledger.turns.get(turn.token or "")
            proof.holds(planned, f"{view.name}: nobody has planned the turn {name}")
            if planned and turn.texts != planned.texts:
                told = [text[:60] for text in turn.texts]
                proof.against.append(f"{view.name}: {planned.token} should say {len(planned.texts)} texts, not {told}")
            one, digest = first.setdefault(name, (view, turn.digest.hexdigest()))
            compared += one is not view
            equal = digest == turn.digest.hexdigest()
            proof.holds(equal, f"{view.name} and {one.name} have seen the turn {turn.token} differently")
    proof.number(seen, "views of whole turns")
    proof.number(compared, "of them equal to another's")


def requests(views: list[View]) -> Proof:
    proof = Proof("requests")
    answered = lost = gone = 0
    for view in views:
        for number, request in view.requests.items():
            if request.responses:
                answered += 1
                twice = f"{view.name}: {request.responses} answers to {request.method} {number}"
                proof.holds(request.responses == 1, twice)
            elif view.ending != "finished" or request.gap:
                gone += 1
            else:
                lost += 1
                proof.holds(not request.sure, f"{view.name}: no answer to {request.method} {number}")
    proof.number(answered, "answered once")
    proof.number(lost, "lost with their socket before they arrived")
    proof.number(gone, "whose answer lies in a gap or after the end of its session")
    return proof
