"""One session from start to end: threads, turns, other clients."""

import random
import threading

from ledger import Ledger, SharedThread
from lived import Lived
from playing import Turn
from presence import PATIENCE, Presence, Refused
from turns import plan

from harness.conversation import said
from harness.model import MODELS

# Each request sends the whole thread to the model.
TURNS_OF_A_THREAD = 6


class Life:
    def __init__(self, session: Lived, dice: random.Random, mode: str, ledger: Ledger, stopping: threading.Event):
        self._session = session
        self._dice = dice
        self._mode = mode
        self._ledger = ledger
        self._stopping = stopping
        self._here = Presence(session, dice, ledger)

    def live(self) -> None:
        self._ledger.count("sessions" if self._session.resumable else "plain clients")
        self._here.request("initialize", {"clientInfo": {"name": "soak", "title": "Soak", "version": "1"}})
        self._session.notify("initialized")
        for _ in range(self._dice.randint(3, 10)):
            if not self._stopping.is_set():
                self._do_something()
        if self._dice.random() < 0.1:
            # At any point of the session.
            self._session.end("left")
        else:
            self._finish()

    def let_go(self) -> None:
        """Gives up a turn that may still run: its thread's lock is never released."""
        if self._here.turn:
            self._ledger.withdraw(self._here.turn.thread)
            self._here.turn = None

    def _do_something(self) -> None:
        playable = [thread for thread in self._here.threads if thread.turns < TURNS_OF_A_THREAD]
        if len(playable) < 3 and self._dice.random() < (0.3 if playable else 1):
            self._open()
        elif self._dice.random() < 0.3:
            self._look_on()
        else:
            self._play(self._dice.choice(playable))

    def _look_on(self) -> None:
        self._here.until(lambda: False, self._dice.uniform(0.2, 5), restless=True)

    # MARK: Threads and turns

    def _open(self) -> None:
        others = [one for one in self._ledger.offered(self._mode) if one not in self._here.threads]
        try:
            if self._mode == "shared" and others and self._dice.random() < 0.6:
                thread = self._dice.choice(others)
                self._here.request("thread/resume", {"threadId": thread.id})
                self._ledger.count("threads joined")
                self._here.threads.append(thread)
                self._look_on()
            else:
                result = self._here.request("thread/start", {"model": MODELS[self._dice.choice(("classic", "code"))]})
                thread = SharedThread(result["thread"]["id"], self._mode)
                self._ledger.count("threads started")
                self._here.threads.append(thread)
        except Refused:
            # The agent is down.
            self._here.until(lambda: False, 0.5)

    def _play(self, thread: SharedThread) -> None:
        if not thread.lock.acquire(blocking=False):
            self._look_on()
            return
        planned = plan(self._ledger.number(), self._mode, self._dice)
        self._ledger.planned(planned)
        turn = self._here.turn = Turn(thread, planned, self._dice)
        turn.request = self._session.post("turn/start", {"threadId": thread.id, "input": said(planned.script)})
        if self._dice.random() < 0.8:
            self._session.confirm()
        if not self._here.until(turn.is_over, PATIENCE, restless=True):
            name = f"{self._mode}: turn {planned.token} ({planned.kind}, {self._session.journal.path.name})"
            self._ledger.fault(f"{name} has no end after {PATIENCE} s")
            turn.lost = True
        if turn.lost:
            self._here.threads.remove(thread)
            self._ledger.count("turns lost sight of")
            self.let_go()
            return
        self._here.turn = None
        thread.turns += 1
        thread.lock.release()
        if turn.refused:
            self._ledger.count("turns refused")
            self._here.until(lambda: False, 0.5)
        else:
            self._ledger.count("turns")
            if thread.turns == 1:
                self._ledger.offer(thread)

    # MARK: Ending

    def _finish(self) -> None:
        """Waits until all requests have ended; then the server's frame count must equal ours."""
        self._here.until(self._all_over, PATIENCE)
        if self._session.resumable:
            if self._session.wire:
                self._session.cut()
            self._here.come_back()
        try:
            self._here.request("thread/loaded/list", {})
        except Refused:
            # An error is an answer too.
            pass
        # After a gap, the server shows the pending approvals again.
        self._here.until(self._all_over, PATIENCE)
        self._session.end("finished")
        self._ledger.count("lived to the end")

    def _all_over(self) -> bool:
        return self._here.answers.all_over() and not self._session.messages
