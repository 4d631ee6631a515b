import AuditRecord
import ExecGrants
import Relay
import Session
import Synchronization

/// Keeps entries in memory. What must be on disk is there when the test says so.
final class FakeRecorder: AuditRecorder {
    let failure: String? = nil
    private struct State {
        var kinds: [AuditEntry.Kind] = []
        var writes: [@Sendable (AuditFailure?) -> Void] = []
    }

    private let state = Mutex(State())

    var kinds: [AuditEntry.Kind] { state.withLock { $0.kinds } }

    func note(_ entry: AuditEntry) { state.withLock { $0.kinds.append(entry.kind) } }

    func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void) {
        state.withLock {
            $0.kinds.append(entry.kind)
            $0.writes.append(done)
        }
    }

    /// The disk has everything.
    func commits(_ failure: AuditFailure? = nil) {
        let writes = state.withLock { state in
            defer { state.writes = [] }
            return state.writes
        }
        for done in writes { done(failure) }
    }
}

/// Keeps the order in which the kernel's gate hears of grants, beside other events that a test adds.
final class FakeStartGrants: StartGrants {
    private let events = Mutex<[String]>([])

    var lines: [String] { events.withLock { $0 } }
    func add(_ line: String) { events.withLock { $0.append(line) } }

    func allow(_ grant: StartGrant) { add("allow") }
    func revoke(thread threadID: String, call callID: String) { add("revoke call \(callID)") }
    func revoke(turn turnID: String) { add("revoke turn \(turnID)") }
    func limit(thread threadID: String) { add("limit \(threadID)") }
    func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        add("revoke patch \(callID)")
    }
    func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally? { nil }
}

/// Stores nothing, and fails when the test says so.
final class FakeThreadStore: ThreadStore {
    private struct Disk {
        var failure: String?
        var failureAtNextWrite: String?
    }

    private let disk = Mutex(Disk())

    /// nil: the disk works again.
    func fail(_ reason: String?) { disk.withLock { $0.failure = reason } }
    func failAtNextWrite(_ reason: String) { disk.withLock { $0.failureAtNextWrite = reason } }

    func threads() throws -> [String: KeptThread] { [:] }
    func keep(_ thread: KeptThread, id: String) {
        disk.withLock { disk in disk.failureAtNextWrite.map { disk.failure = $0 } }
    }
    var failure: String? { disk.withLock(\.failure) }
}
