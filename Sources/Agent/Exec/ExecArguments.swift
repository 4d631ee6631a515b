import CProcess
import ExecGrants
import Glibc

/// Reads the arguments of another process's execve(2) call from that process's memory.
struct ExecArguments {
    /// More than codex passes to a program: a command of 128 KiB, twice, and a sandbox profile.
    static let limit = 4 << 20

    private let thread: pid_t
    private var left = limit

    init(of thread: pid_t) { self.thread = thread }

    /// nil if the call cannot be read completely, or is not UTF-8.
    static func read(_ call: cprocess_exec, agent: AgentExecutable) -> ExecCall? {
        guard call.path != 0 else { return nil }
        var reader = ExecArguments(of: call.thread)
        guard let path = reader.string(at: call.path), let arguments = reader.strings(at: call.arguments),
            let variables = reader.strings(at: call.environment)
        else { return nil }
        var environment: [String: String] = [:]
        var foreignCode: String?
        for variable in variables {
            guard let end = variable.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(variable[..<end])
            let value = variable[variable.utf8.index(after: end)...]
            if ForeignCode.isLoaded(by: name, value) { foreignCode = name }
            // The first occurrence of a name counts (getenv(3)).
            guard ExecCall.variables.contains(name), environment[name] == nil else { continue }
            environment[name] = String(value)
        }
        var read = ExecCall(
            path: path, arguments: arguments, environment: environment,
            isAgent: agent.isFile(at: path, of: call.thread))
        read.foreignCode = foreignCode
        return read
    }

    /// The path that the process passes to execve, for the audit log. The process chooses it.
    static func path(_ call: cprocess_exec) -> String? {
        var reader = ExecArguments(of: call.thread)
        return call.path == 0 ? nil : reader.string(at: call.path)
    }

    private mutating func string(at address: UInt64) -> String? {
        var bytes: [UInt8] = []
        var address = address
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            // Read only to the end of the page: the next page may not be mapped.
            let count = 4_096 - Int(address % 4_096)
            guard cprocess_read_memory(thread, address, &chunk, count) == count else { return nil }
            let part = chunk[..<count]
            if let end = part.firstIndex(of: 0) {
                bytes += part[..<end]
                return take(bytes.count) ? String(validating: bytes, as: UTF8.self) : nil
            }
            bytes += part
            guard bytes.count < left else { return nil }
            address += UInt64(count)
        }
    }

    private mutating func strings(at address: UInt64) -> [String]? {
        // execve accepts NULL as an empty list.
        guard address != 0 else { return [] }
        var strings: [String] = []
        var address = address
        while true {
            var pointer: UInt64 = 0
            guard cprocess_read_memory(thread, address, &pointer, 8) == 8 else { return nil }
            if pointer == 0 { return strings }
            guard take(8), let string = string(at: pointer) else { return nil }
            strings.append(string)
            address += 8
        }
    }

    private mutating func take(_ count: Int) -> Bool {
        left -= count
        return left > 0
    }
}
