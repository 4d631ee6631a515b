import Access
import ArgumentParser
import AuditLog
import Glibc
import Settings

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verifies and exports the audit log. The server may be running.",
        subcommands: [AuditVerifyCommand.self, AuditExportCommand.self])
}

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prints ok, or the first row that was changed.")

    @Option(help: "A checkpoint from the server's log (SEQ:HASH) that must be in the audit log.")
    var expect: String?

    @OptionGroup var shared: SettingsOptions

    func run() throws {
        let settings = try shared.settings()
        let anchor: AuditAnchor?
        if let expect {
            guard let parsed = AuditAnchor(expect) else {
                throw ValidationError("--expect must be a number, a colon and 64 hexadecimal digits.")
            }
            anchor = parsed
        } else {
            anchor = nil
        }
        let result = try AuditLog.verify(
            path: Server.recordPath(settings), publicKeyPath: "\(settings.auditKey).pub", expecting: anchor)
        switch result {
        case .ok(let summary):
            let first = summary.first.map { "rows \($0) to \(summary.head.seq)" } ?? "no rows"
            print("ok: \(first), \(summary.checkpoints) checkpoints, head \(summary.head)")
        case .bad(let fault):
            print("BAD: row \(fault.seq): \(fault.description)")
            throw ExitCode(1)
        }
    }
}

struct AuditExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes rows of the audit log to standard output, oldest first.")

    @Option(help: "Start time: 2026-01-31, 2026-01-31T12:00:00Z, or how long ago, such as 24h or 30d.")
    var since: String?

    @Option(help: "Until when, not included. As --since.")
    var until: String?

    @Option(help: "Only this thread.")
    var thread: String?

    @Option(help: "jsonl or csv.")
    var format: String = "jsonl"

    @OptionGroup var shared: SettingsOptions

    func run() throws {
        let settings = try shared.settings()
        guard let format = ExportFormat(rawValue: format) else {
            throw ValidationError("--format must be jsonl or csv.")
        }
        try AuditLog.export(
            path: Server.recordPath(settings), since: try time(since), until: try time(until), thread: thread,
            format: format
        ) { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard count > 0 else {
                    throw Failure("Standard output cannot be written: \(String(cString: strerror(errno))).")
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    private func time(_ text: String?) throws -> Int64? {
        guard let text else { return nil }
        if let ago = try? Lifetime.parse(text) { return WallClock.now() - Int64(ago / .milliseconds(1)) }
        guard let time = ISODate.parse(text) else {
            throw ValidationError("\"\(text)\" is not a valid time: 2026-01-31, 2026-01-31T12:00:00Z, 24h, 30d.")
        }
        return time
    }
}
