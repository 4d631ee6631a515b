"""One person with a bad connection: opens sessions one after another, each with faults."""

import random
import threading
import time
import traceback

from faults import House
from ledger import Ledger
from life import Life
from lived import Ended, Lived
from presence import Refused


class Worker(threading.Thread):
    def __init__(self, number: int, seed: int, house: House, ledger: Ledger, stopping: threading.Event):
        super().__init__(name=f"{house.mode} {number}", daemon=True)
        self._dice = random.Random(f"{seed} {house.mode} {number}")
        self._house = house
        self._ledger = ledger
        self._stopping = stopping

    def run(self) -> None:
        former: Lived | None = None
        while not self._stopping.is_set():
            try:
                if former and former.is_of_a_server_before() and self._dice.random() < 0.5:
                    former.knock_with_the_old_name()
                former = Lived(self._house, self._ledger, resumable=self._dice.random() < 0.85)
            except OSError:
                # No server is running at the moment.
                time.sleep(0.3)
                continue
            self._live(former)

    def _live(self, session: Lived) -> None:
        life = Life(session, self._dice, self._house.mode, self._ledger, self._stopping)
        try:
            life.live()
        except Ended:
            pass
        except Refused as refused:
            # The agent is down.
            session.end(f"refused: {refused}")
            time.sleep(0.5)
        except Exception:
            self._ledger.fault(f"{self.name}, {session.journal.path.name}: {traceback.format_exc()}")
            session.end("fault")
        finally:
            life.let_go()
