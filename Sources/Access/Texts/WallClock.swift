import Glibc

/// Milliseconds since 1970 UTC, as in codex's protocol.
public typealias Milliseconds = Int64

public enum WallClock {
    public static func now() -> Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Milliseconds(time.tv_sec) * 1_000 + Milliseconds(time.tv_nsec) / 1_000_000
    }
}
