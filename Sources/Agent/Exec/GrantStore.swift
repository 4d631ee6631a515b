public import ExecGrants
public import Relay
import Synchronization

/// Holds all grants: those for programs, which the kernel's gate uses, and those for MCP calls, which the proxy uses.
public final class GrantStore: StartGrants, Sendable {
    /// nil if the kernel cannot be asked.
    private let programs: ProgramGrants?
    private let tools = Mutex(ToolGrantTable())

    public init(programs: ProgramGrants?) { self.programs = programs }

    public func allow(_ grant: StartGrant) {
        if case .tool(let grant) = grant {
            tools.withLock { $0.add(grant, now: MonotonicTime.now) }
        } else {
            programs?.allow(grant)
        }
    }

    public func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        programs?.revokePatch(thread: threadID, turn: turnID, call: callID)
    }

    public func revoke(thread threadID: String, call callID: String) {
        programs?.revoke(thread: threadID, call: callID)
    }

    public func revoke(turn turnID: String) {
        tools.withLock { $0.revoke(turn: turnID) }
        programs?.revoke(turn: turnID)
    }

    public func limit(thread threadID: String) {
        tools.withLock { $0.limit(thread: threadID, now: MonotonicTime.now) }
        programs?.limit(thread: threadID)
    }

    public func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally? {
        programs?.takeStarted(thread: threadID, call: callID)
    }

    /// Whether this call may be made. Uses up one grant.
    func take(_ call: ToolCall) -> Bool { tools.withLock { $0.take(call, now: MonotonicTime.now) } }

    /// As ``ToolGrantTable/giveBack(_:now:)``.
    func giveBack(_ call: ToolCall) { tools.withLock { $0.giveBack(call, now: MonotonicTime.now) } }

    /// As ``ToolGrantTable/takeOtherName(of:now:)``.
    func takeOtherName(of call: ToolCall) -> String? {
        tools.withLock { $0.takeOtherName(of: call, now: MonotonicTime.now) }
    }
}
