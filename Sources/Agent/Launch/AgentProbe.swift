import Glibc
import JSON
import JSONRPC
import Logging
import NIOPosix
import Session

/// The first run of an agent. It initializes a fresh `CODEX_HOME`, one server at a time, and asks codex for the hashes
/// with which it will trust the gate's hooks, and for the programs named in its configuration.
struct AgentProbe: Sendable {
    let configuration: AgentConfiguration
    let run: RunDirectory
    /// nil for a program that is not codex.
    let chain: AgentChain?
    /// Cancelled when the server is told to stop: the probe then stops waiting.
    let cancellation: Cancellation

    struct Answer: Sendable {
        var trust: [String: String] = [:]
        var configured = ConfiguredPrograms.none
        /// Why no thread may be opened with this configuration.
        var refusal: String?
        /// The parts of its configuration that codex ignores, one per element.
        var warnings: [String] = []
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
        /// A retry would give the same result.
        var isCertain = false
        /// The kernel's gate is not effective for this agent.
        let isOfGate: Bool

        init(description: String, isOfGate: Bool = false) {
            self.description = description
            self.isOfGate = isOfGate
        }

        init(_ fault: ConfigurationFault) {
            description = fault.sentence
            isCertain = true
            isOfGate = false
        }
    }

    /// The same as ``SharedAgent/readyPatience``.
    static let patience: Duration = .seconds(300)
    /// codex occasionally fails when several processes initialize the same fresh home.
    static let attempts = 3

    /// Blocks, so call it only on a thread that may block. Throws ``Failed`` with a sentence for users.
    func answer() throws -> Answer {
        let home = configuration.codexHome
        try? RunDirectory.makePrivate(home)
        let lock = open("\(home)/.sre-agent.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else {
            throw Failed(description: "CODEX_HOME \(home) cannot be written: \(String(cString: strerror(errno))).")
        }
        defer { close(lock) }
        if let fault = ConfigurationFiles.fault(inHome: home) { throw Failed(fault) }
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        for attempt in 1... {
            do {
                return try ask()
            } catch {
                let isCertain = (error as? Failed)?.isCertain ?? false
                if attempt == Self.attempts || isCertain || cancellation.isCancelled { throw error }
                usleep(200_000)
            }
        }
        throw Failed(description: "unreachable")
    }

    /// Checks that the program answers `initialize`. For a program that is not codex. Blocks.
    func answers() throws {
        _ = try converse(Self.requests(configuration.workspace).prefix(1))
    }

    /// Checks that the gate is active in an agent started like those of sessions. A sentence if it is not. Blocks.
    func gateFault(trust: [String: String], _ configured: ConfiguredPrograms) throws -> String? {
        if let fault = ConfigurationFiles.fault(inHome: configuration.codexHome) { throw Failed(fault) }
        let messages = try converse(
            Self.requests(configuration.workspace).prefix(2), trust: trust, configured: configured)
        guard let result = messages[2]?["result"] else { return "The gate is not in force: the agent lists no hooks." }
        if let fault = GateProof.configurationFault(inHooksList: result) { throw Failed(fault) }
        return configuration.proof.fault(inHooksList: result).map { "The gate is not in force: \($0)." }
    }

    private func ask() throws -> Answer {
        var warnings: [String] = []
        let messages = try converse(
            Self.requests(configuration.workspace)[...], triesGate: true,
            onNotification: { message in
                if let warning = ConfigurationFiles.warning(message) { warnings.append(warning) }
            })
        var answer = try Answer(messages, configuration.gate)
        answer.warnings = warnings + answer.warnings
        return answer
    }

    /// The requests in the order of their ids.
    private static func requests(_ workspace: String) -> [[UInt8]] {
        let initialize: JSONValue = [
            "clientInfo": ["name": "sre-agent", "title": "SRE Agent Server", "version": "1"],
            "capabilities": ["experimentalApi": true],
        ]
        return [
            MessageEncoder.request("initialize", id: .integer(1), params: initialize),
            MessageEncoder.request("hooks/list", id: .integer(2), params: ["cwds": [.string(workspace)]]),
            MessageEncoder.request("config/read", id: .integer(3), params: [:]),
            MessageEncoder.request("experimentalFeature/list", id: .integer(4), params: ["limit": 1_000]),
            MessageEncoder.request("configRequirements/read", id: .integer(6), params: [:]),
        ]
    }

    /// Returns the answers by request id. With `trust`, the agent is started as for sessions. With `triesGate`, the
    /// agent is also asked to start a program that the gate must stop.
    private func converse(
        _ requests: ArraySlice<[UInt8]>, trust: [String: String]? = nil, configured: ConfiguredPrograms = .none,
        triesGate: Bool = false, onNotification: (JSONValue) -> Void = { _ in }
    ) throws -> [Int64: JSONValue] {
        let pipes = try Pipes()
        defer { pipes.closeOwnEnds() }
        let errors = StandardError(logger: Logger(label: "sre-agent"))
        let errorEnd = try errors.open(on: MultiThreadedEventLoopGroup.singleton)
        let child = try ProcessTable.shared.spawn(
            configuration.gatedLaunch(listen: nil, run: run, trust: trust, configured: configured, chain: chain),
            input: pipes.childInput, output: pipes.childOutput, error: errorEnd)
        pipes.closeChildEnds()
        close(errorEnd)
        defer { child.signalGroup(SIGKILL) }
        let deadline = ContinuousClock.now + Self.patience
        guard isGated(child, until: deadline) else { throw failure(child, errors) }
        var lines = BlockingLines(reading: pipes.fromChild, until: deadline, cancellation: cancellation)
        var requests = Array(requests)
        let trial = triesGate ? child.gate : nil
        if trial != nil {
            requests.append(GateSelfTest.request(directory: configuration.workspace))
        }
        for request in requests {
            let line = request + [0x0A]
            guard write(pipes.toChild, line, line.count) == line.count else { throw failure(child, errors) }
        }
        // codex may answer in any order.
        var answers: [Int64: JSONValue] = [:]
        while let line = lines.next() {
            guard let message = try? JSONValue(parsing: line) else { continue }
            guard let id = message["id"]?.intValue else {
                onNotification(message)
                continue
            }
            answers[id] = message
            guard answers.count == requests.count else { continue }
            if let trial, let fault = GateSelfTest.fault(answer: answers[GateSelfTest.id], trial) {
                throw Failed(
                    description: "\(fault) No thread is opened with \(configuration.executable).", isOfGate: true)
            }
            return answers
        }
        throw failure(child, errors)
    }

    /// Waits until the process is codex under its gate.
    private func isGated(_ child: ChildProcess, until deadline: ContinuousClock.Instant) -> Bool {
        while !child.isGateOn {
            guard child.exitStatus == nil, child.gate?.fault == nil, ContinuousClock.now < deadline,
                !cancellation.isCancelled
            else { return false }
            usleep(2_000)
        }
        return true
    }

    private func failure(_ child: ChildProcess, _ errors: StandardError) -> Failed {
        if let fault = child.gate?.fault { return Failed(description: fault, isOfGate: true) }
        // The pipes close shortly before the exit status and the last error output are known.
        for _ in 0..<50 where child.exitStatus == nil && !cancellation.isCancelled { usleep(2_000) }
        guard let status = child.exitStatus else {
            return Failed(description: "The agent does not start: it did not answer within \(Self.patience).")
        }
        for _ in 0..<50 where errors.lastLine == nil { usleep(2_000) }
        let words = errors.lastLine
        // codex does not name the file.
        let remedy =
            words?.contains("Permission denied") == true
            ? ". CODEX_HOME (\(configuration.codexHome)) must belong to the user that the agent runs as." : ""
        return Failed(
            description: "The agent does not start: it ended with \(status)\(words.map { ": \($0)" } ?? ".")\(remedy)")
    }
}

extension AgentProbe.Answer {
    /// `messages` are the answers by request id.
    fileprivate init(_ messages: [Int64: JSONValue], _ gate: GateProgram) throws {
        func result(_ id: Int64) throws -> JSONValue {
            if let result = messages[id]?["result"] { return result }
            throw AgentProbe.Failed(
                ConfigurationFault(messages[id]?["error"]?["message"]?.stringValue ?? "codex does not say why"))
        }
        // Check it first: only this error names the file.
        let hooks = try result(2)
        if let fault = GateProof.configurationFault(inHooksList: hooks) { throw AgentProbe.Failed(fault) }
        let (config, features) = try (result(3), result(4))
        for hook in hooks["data"]?[0]?["hooks"]?.arrayValue ?? [] {
            guard let key = hook["key"]?.stringValue, GateProof.keys.contains(key) else { continue }
            trust[key] = hook["currentHash"]?.stringValue
        }
        guard trust.count == GateProof.keys.count else {
            throw AgentProbe.Failed(
                description: "The agent does not know the gate's hooks: something in codex's configuration turns hooks "
                    + "off (features.hooks), or this is another codex than the pinned one.")
        }
        warnings = (hooks["data"]?[0]?["warnings"]?.arrayValue ?? []).compactMap(\.stringValue).map {
            ConfigurationFault($0).description
        }
        configured = ConfiguredPrograms(configRead: config, without: gate.verifierName)
        configured.take(hooksList: hooks)
        refusal =
            PinnedFeatures.fault(inFeatures: features) ?? ManagedConfiguration.fault(inConfig: config)
            ?? ManagedConfiguration.fault(inRequirements: messages[6]?["result"] ?? .null)
    }
}

/// Reads lines from a descriptor, with one deadline for all of them.
private struct BlockingLines {
    let descriptor: Int32
    let deadline: ContinuousClock.Instant
    let cancellation: Cancellation
    var buffer: [UInt8] = []

    init(reading descriptor: Int32, until deadline: ContinuousClock.Instant, cancellation: Cancellation) {
        self.descriptor = descriptor
        self.deadline = deadline
        self.cancellation = cancellation
    }

    mutating func next() -> [UInt8]? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                defer { buffer.removeFirst(end + 1) }
                return Array(buffer[..<end])
            }
            guard ContinuousClock.now < deadline, !cancellation.isCancelled else { return nil }
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&event, 1, 100) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
}
