import Glibc
import Session

/// The time of day in milliseconds since 1970, as in codex's protocol.
enum WallClock {
    static var now: Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Milliseconds(time.tv_sec) * 1_000 + Milliseconds(time.tv_nsec) / 1_000_000
    }
}
