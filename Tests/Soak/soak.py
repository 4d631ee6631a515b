"""Random clients, cuts and kills against real servers for a while, followed by checks that nothing was lost."""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

import decisions
import machine
import proofs
from faults import House, trouble
from ledger import Ledger
from reader import Reader
from worker import Worker

from harness import paths, processes
from harness.model import Model
from harness.place import Place

WORKERS = {"shared": 6, "isolated": 4}
# Approximate seconds between two faults of a server.
TROUBLE = 12
REPORT = 30


def progress(ledger: Ledger, since: float) -> None:
    """Prints each group of related numbers on one line."""
    counts = dict(ledger.counts)
    print(f"{time.monotonic() - since:6.0f} s  faults {len(ledger.faults)}")
    for words in (("session", "plain", "lived", "turns", "threads"), ("cut", "resume", "take", "closed"), ("",)):
        found = sorted(name for name in counts if name.startswith(words))
        print("          " + ", ".join(f"{name} {counts.pop(name)}" for name in found), flush=True)


def run(houses: list[House], ledger: Ledger, seconds: float, seed: int) -> None:
    """Runs until the time is up and all clients have left."""
    since, enough, stopping = time.monotonic(), threading.Event(), threading.Event()
    workers = [
        Worker(number, seed, house, ledger, stopping) for house in houses for number in range(WORKERS[house.mode])
    ]
    troubles = [
        threading.Thread(
            target=trouble, args=(house, random.Random(f"{seed} {house.mode}"), enough, TROUBLE), daemon=True
        )
        for house in houses
    ]
    for thread in [*workers, *troubles]:
        thread.start()
    while (left := since + seconds - time.monotonic()) > 0:
        time.sleep(min(REPORT, left))
        progress(ledger, since)
    # First stops the faults, so that running turns can end.
    enough.set()
    for thread in troubles:
        thread.join(120)
    stopping.set()
    deadline = time.monotonic() + 300
    for worker in workers:
        worker.join(max(0, deadline - time.monotonic()))
        if worker.is_alive():
            ledger.fault(f"{worker.name} does not come to its end")
    progress(ledger, since)


def prove(houses: list[House], ledger: Ledger) -> bool:
    found = [proof for house in houses for proof in machine.empty(house)]
    for house in houses:
        house.stop()
    views = [Reader(path, ledger.turns).view for path in ledger.journals]
    markers = [path for house in houses for path in house.place.workspace.glob("t*z*")]
    found += [proofs.messages(ledger, views), proofs.requests(views), decisions.approvals(ledger, views, markers)]
    found += machine.ended(houses, ledger)
    print()
    # A list, so that every proof is printed.
    return all([proof.print() for proof in found])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--mode", choices=WORKERS, action="append", help="both unless told")
    parser.add_argument("--keep", action="store_true", help="keep the journals and logs; they are kept on failure")
    options = parser.parse_args()
    # So that its child processes end too, whatever ends the soak test.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    processes.become_subreaper()
    paths.base().mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="soak", dir=paths.base()))
    (directory / "journals").mkdir()
    print(f"seed {options.seed}, {options.minutes:g} minutes, in {os.path.relpath(directory)}", flush=True)
    ledger, model, houses = Ledger(directory / "journals"), Model(directory), []
    proved = False
    try:
        for mode in options.mode or WORKERS:
            place = Place(directory)
            place.configure(model.url, model.token)
            houses.append(House(place, mode, ledger))
        run(houses, ledger, options.minutes * 60, options.seed)
        proved = prove(houses, ledger)
    finally:
        for house in houses:
            house.server.kill()
        model.stop()
        if proved and not options.keep:
            shutil.rmtree(directory, ignore_errors=True)
    print("nothing was lost" if proved else f"FAILED; journals and logs are in {os.path.relpath(directory)}")
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main())
