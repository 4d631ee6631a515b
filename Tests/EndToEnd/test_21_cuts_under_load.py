"""Row 21: sockets are cut at random moments, while lines stream faster than the clients sometimes read."""

import random
import threading
import time
from collections.abc import Callable

from harness.played import play
from harness.server import Server
from harness.session import CUTS, Counting
from harness.stand_in import StandIn

SESSIONS = 4
# Per agent mode: 1,000 in all.
CUTS_IN_ALL = 500


class Rider:
    """A client with a bad connection."""

    def __init__(self, server: Server, number: int):
        self.random = random.Random(number)
        # 600 lines a second each, which a debug build and these clients can just sustain.
        self.pause = 0.1
        self.session = Counting(server)
        self.session.initialize()
        self.fault: BaseException | None = None
        self.resumed = 0

    def ride(self) -> None:
        try:
            play(self.session, {"stream": {"size": 80, "pause": self.pause}})
            self.session.sent()
            for _ in range(CUTS_IN_ALL // SESSIONS):
                self.read_some()
                self.session.cut(self.random.choice(CUTS))
                self.be_away()
                self.come_back()
            self.session.to_the_end()
        except BaseException as fault:
            self.fault = fault

    def read_some(self) -> None:
        for _ in range(self.random.choice((0, 1, 10, 100, 200))):
            if not self.session.read(5):
                assert self.session.wire is None, "nothing comes, and nobody says why"
                self.come_back()

    def be_away(self) -> None:
        if self.random.random() < 0.3:
            time.sleep(self.random.uniform(0, 0.02))

    def come_back(self) -> None:
        self.resumed += self.session.come_back()["resume"] == "ok"

    def check(self) -> None:
        if self.fault:
            raise self.fault
        assert self.session.cuts >= CUTS_IN_ALL // SESSIONS
        assert self.session.lines > 1_000
        assert self.resumed > CUTS_IN_ALL // SESSIONS / 10


def test_random_cuts_under_load(stand_in: Callable[..., tuple[Server, StandIn]], mode: str) -> None:
    # Replay takes time: a thousand replays of 10,000 frames would take too long.
    server, _ = stand_in(mode, environment={"REPLAY_FRAMES": "2000"})
    riders = [Rider(server, number) for number in range(SESSIONS)]
    threads = [threading.Thread(target=rider.ride, daemon=True) for rider in riders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
        assert not thread.is_alive(), [(rider.session.cuts, rider.session.position) for rider in riders]
    for rider in riders:
        rider.check()
        rider.session.close()
