import CProcess
import ExecGate
import Glibc

/// How to start a program.
struct Launch: Sendable {
    var path: String
    var arguments: [String]
    var environment: [String: String]
    var directory: String?
    /// Nil: as the server's own user.
    var user: AgentUser?
    /// Nil: what it starts is not asked about.
    var gate: Gate?

    /// Who decides about what a program starts.
    struct Gate: Sendable {
        let monitor: ExecMonitor
        /// What becomes codex, and what codex may start; nil for a run that says its version.
        let serves: (chain: AgentChain, companions: [String], programs: ProgramList)?

        func agent(_ pid: pid_t, startedAs path: String, _ state: GateState) -> WatchedAgent {
            var place = cprocess_place()
            // One that has ended already asks nothing any more.
            _ = cprocess_find(pid, &place)
            let purpose: WatchedAgent.Purpose =
                if let serves {
                    .serve(serves.chain, companions: serves.companions, serves.programs)
                } else {
                    .identify(startedAs: path)
                }
            return WatchedAgent(agent: ProcessID(pid: pid, start: place.start), purpose: purpose, state: state)
        }
    }

    /// `arguments` and `environment` end with nil.
    func withC<Result>(
        _ arguments: inout [UnsafeMutablePointer<CChar>?], _ environment: inout [UnsafeMutablePointer<CChar>?],
        _ descriptors: (Int32, Int32, Int32), _ body: (inout cprocess_launch) -> Result
    ) -> Result {
        arguments.withUnsafeMutableBufferPointer { arguments in
            environment.withUnsafeMutableBufferPointer { environment in
                path.withCString { path in
                    func launch(_ directory: UnsafePointer<CChar>?) -> Result {
                        var launch = cprocess_launch(
                            path: path, arguments: UnsafePointer(arguments.baseAddress),
                            environment: UnsafePointer(environment.baseAddress), directory: directory,
                            descriptors: descriptors, changes_user: user == nil ? 0 : 1, user: user?.uid ?? 0,
                            group: user?.gid ?? 0, is_gated: gate == nil ? 0 : 1)
                        return body(&launch)
                    }
                    return directory.map { $0.withCString { launch($0) } } ?? launch(nil)
                }
            }
        }
    }
}
