import CProcess
import ExecGrants
import Glibc

/// Describes how to start a program.
struct Launch: Sendable {
    var path: String
    var arguments: [String]
    var environment: [String: String]
    var directory: String?
    /// nil to run as the server's own user.
    var user: AgentUser?
    /// nil to start the program without an exec gate.
    var gate: Gate?

    /// Decides which programs the new process may start.
    struct Gate: Sendable {
        let monitor: ExecMonitor
        /// The chain that becomes codex and the programs that codex may start; nil for a version run.
        let serves: (chain: AgentChain, companions: [String], programs: ProgramList)?

        func agent(_ pid: pid_t, startedAs path: String, _ state: ExecGateState) -> WatchedAgent {
            var place = cprocess_place()
            // If the process has already ended, it makes no more requests.
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

    /// `arguments` and `environment` must end with nil.
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
