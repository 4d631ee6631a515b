import AuditLog
import AuditRecord
import Dispatch
import Glibc
import JSON
import Synchronization

/// Measures the cost of the audit log. It prints numbers without judging them.
enum Bench {
    static func entry(_ number: Int) -> AuditEntry {
        AuditEntry(
            .decision, at: 1_790_000_000_000 + Int64(number), actor: "alice", role: "approver",
            address: "10.0.0.7", userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            threadID: "0199a2f0-aaaa-7000-8000-\(100_000 + number % 50)", turnID: "turn-\(number / 7)",
            itemID: "call_\(number)", requestID: "q\(number)",
            details: [
                "decision": "accept", "method": "item/commandExecution/requestApproval",
                "command": "/bin/bash -lc 'kubectl get pods -n shop --sort-by=.status.startTime | tail -20'",
                "cwd": "/srv/workspace/shop", "askedAt": 1_790_000_000_000, "decidedAt": 1_790_000_004_321,
                "comment": "looks harmless",
            ])
    }

    static func open(_ directory: String) throws -> AuditLog {
        try AuditLog(path: directory + "/audit.db", keyPath: directory + "/audit.key")
    }

    static func notes(in directory: String) throws {
        let log = try open(directory)
        let count = 40_000
        let clock = ContinuousClock()
        let before = residentBytes()
        let queued = clock.measure { for number in 0..<count { log.note(entry(number)) } }
        let drained = try clock.measure { try wait(for: log) }
        let seconds = (queued + drained) / .seconds(1)
        print("notes: \(count) in \(seconds) s: \(Int(Double(count) / seconds)) rows/s; queueing one takes")
        print("  \(queued / .microseconds(count)) µs; peak RSS +\((peakBytes() - before) >> 20) MiB")
        log.close()
        print("  resident after closing \(residentBytes() >> 20) MiB")
    }

    static func latency(in directory: String) throws {
        let log = try open(directory)
        report("write alone", measureWrites(log, 500))
        let isDone = Atomic(false)
        DispatchQueue.global().async {
            var number = 0
            let clock = ContinuousClock()
            let start = clock.now
            while !isDone.load(ordering: .relaxed) {
                for _ in 0..<100 {
                    log.note(entry(number))
                    number += 1
                }
                try? clock.sleepThread(until: start + .milliseconds(number / 10))
            }
            print("  (\(number) notes, \(Int(Double(number) / ((clock.now - start) / .seconds(1)))) a second)")
        }
        report("write beside 10,000 notes/s", measureWrites(log, 1_000))
        isDone.store(true, ordering: .relaxed)
        try wait(for: log)
        log.close()
        print("  peak RSS \(peakBytes() >> 20) MiB")
    }

    static func large(in directory: String) throws {
        let log = try open(directory)
        report("write alone", measureWrites(log, 100))
        for megabytes in [1, 4, 17, 60] {
            for (name, piece) in [("base64", "iVBORw0KGgoAAAANSUhEUgAA+/"), ("prose", "The quick = brown: fox -x.\n")] {
                var large = entry(0)
                let text = String(repeating: piece, count: megabytes * 1_000_000 / piece.utf8.count)
                large.details["params"] = ["text": .string(text)]
                log.note(large)
                report("write behind \(megabytes) MB of \(name)", measureWrites(log, 1))
            }
        }
        log.close()
    }

    private static func measureWrites(_ log: AuditLog, _ count: Int) -> [Double] {
        let clock = ContinuousClock()
        return (0..<count).map { number in
            let done = DispatchSemaphore(value: 0)
            return clock.measure {
                log.write(entry(number)) { _ in done.signal() }
                done.wait()
            } / .milliseconds(1)
        }
    }

    private static func report(_ name: String, _ milliseconds: [Double]) {
        let sorted = milliseconds.sorted()
        func at(_ part: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] }
        print("\(name): p50 \(at(0.5)) ms, p99 \(at(0.99)) ms, max \(at(1)) ms")
    }

    static func mask() {
        let texts = [
            ("prose", "The quick brown fox = jumps: over https://example.com/a?b=c the lazy dog -x --yes.\n"),
            ("env", "HOME=/home/a PATH=/usr/bin:/bin EXAMPLE_TOKEN=abc123def456 X=1\n"),
            ("one word", "a"), ("names", "password="), ("prefixes", "sk-"), ("jwt starts", "eyJ-"),
            ("dots", "SG."), ("options", "--token "), ("quotes", "password='"), ("urls", "a://b:"),
            ("colons", "token: $A "), ("base64", "iVBORw0KGgoAAAANSUhEUgAA+/"), ("curl", "curl -u "),
            ("lists", "- - token: "), ("pem", "-----BEGIN PRIVATE KEY"), ("equals", "token=="),
        ]
        let mask = SecretMask(known: ["known-secret-1", "another-known-secret"]) { _ in "0123456789abcdef" }
        for (name, piece) in texts {
            let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
            let start = clock()
            _ = mask.masked(text)
            print("mask \(name): \((clock() - start) * 1_000 / CLOCKS_PER_SEC) ms/MiB of processor time")
        }
    }

    static func verify(in directory: String) throws {
        let path = directory + "/audit.db"
        let clock = ContinuousClock()
        let start = clock.now
        let result = try AuditLog.verify(path: path, publicKeyPath: directory + "/audit.key.pub")
        let seconds = (clock.now - start) / .seconds(1)
        guard case .ok(let summary) = result else { return print(result) }
        print("verify: \(summary.count) rows in \(seconds) s: \(Int(Double(summary.count) / seconds)) rows/s")
        print("  peak RSS \(peakBytes() >> 20) MiB")
    }

    static func wait(for log: AuditLog) throws {
        let done = DispatchSemaphore(value: 0)
        let failure = Mutex<AuditFailure?>(nil)
        log.write(AuditEntry(.alarm, at: 0)) { error in
            failure.withLock { $0 = error }
            done.signal()
        }
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

extension ContinuousClock {
    func sleepThread(until deadline: Instant) throws {
        let left = (deadline - now) / .microseconds(1)
        if left > 0 { usleep(UInt32(left)) }
    }
}

func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
        separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4_096
}

func peakBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1_024
}
