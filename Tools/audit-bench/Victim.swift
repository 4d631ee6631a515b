import AuditLog
import AuditRecord
import Dispatch
import Glibc

/// A process with a log, for tests that kill it or fill its disk.
enum Victim {
    /// Writes and notes from several threads at once, until the process is killed.
    static func write(in directory: String) throws {
        let log = try Bench.open(directory)
        for _ in 0..<4 {
            DispatchQueue.global().async {
                var number = 0
                while true {
                    let done = DispatchSemaphore(value: 0)
                    for _ in 0..<20 { log.note(Bench.entry(number)) }
                    log.write(Bench.entry(number)) { failure in
                        if failure == nil { say("written") }
                        done.signal()
                    }
                    done.wait()
                    number += 1
                }
            }
        }
        while true { sleep(60) }
    }

    /// Unbuffered: acknowledged writes must be known when the process is killed.
    private static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        Glibc.write(STDOUT_FILENO, line, line.count)
    }

    /// Limits file sizes to 512 KiB, which SQLite sees as a failing disk, and then lifts the limit.
    static func fillDisk(in directory: String) throws {
        signal(SIGXFSZ, SIG_IGN)
        let log = try Bench.open(directory)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let most = limit.rlim_max
        limit.rlim_cur = 512 << 10
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var number = 0
        while log.failure == nil, number < 100_000 {
            log.note(Bench.entry(number))
            number += 1
            if number % 100 == 0 { usleep(2_000) }
        }
        say("failing \(log.failure ?? "never")")
        do {
            try Bench.wait(for: log)
            say("a write went through")
        } catch { say("refused \(error)") }
        limit.rlim_cur = most
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        while log.failure != nil { usleep(10_000) }
        try Bench.wait(for: log)
        say("notes \(number)")
        say("lost \(log.close())")
    }
}
