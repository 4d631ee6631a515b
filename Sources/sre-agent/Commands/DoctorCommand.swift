import Agent
import ArgumentParser
import Settings
import Glibc
import Logging

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks what the server needs, and says how to mend what is missing.")

    @Option(help: "The port that serve will listen on. (PORT)")
    var port: String?

    @Option(help: "Roles, floors and approval rules. (CONFIG)")
    var config: String?

    @OptionGroup var shared: SettingsOptions

    func run() async throws {
        var flags: [String: String] = [:]
        flags["PORT"] = port
        flags["CONFIG"] = config
        let settings = try shared.settings(flags)
        var findings: [Finding] = []
        findings.append(workspace(settings))
        findings.append(portFree(settings))
        findings.append(signedIn(settings))
        if let path = settings.rulesFile { findings.append(rules(path, settings)) }
        if !OwnProgram.hasGate {
            findings.append(Finding(name: "gate", isGood: false, text: OwnProgram.gateNotFound.description))
        }
        findings += await codex(settings)
        for finding in findings {
            print("\(finding.isGood ? "ok  " : "FAIL")  \(finding.name): \(finding.text)")
        }
        if !findings.allSatisfy(\.isGood) { throw ExitCode(1) }
    }

    private func workspace(_ settings: Settings) -> Finding {
        do {
            try Directories.make(settings.workspace)
            guard access(settings.workspace, W_OK) == 0 else { throw Failure(String(cString: strerror(errno))) }
            return Finding(name: "workspace", isGood: true, text: "\(settings.workspace) can be written")
        } catch {
            return Finding(
                name: "workspace", isGood: false,
                text: "\(settings.workspace) cannot be written (\(error)). Set WORKSPACE to a directory of yours.")
        }
    }

    private func portFree(_ settings: Settings) -> Finding {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(settings.port).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0
            ? Finding(name: "port", isGood: true, text: "\(settings.port) is free")
            : Finding(
                name: "port", isGood: false,
                text:
                    "\(settings.port) cannot be used (\(String(cString: strerror(errno)))). Set PORT, or stop what listens there."
            )
    }

    private func rules(_ path: String, _ settings: Settings) -> Finding {
        do {
            _ = try Server(settings: settings).readRules()
            return Finding(name: "config", isGood: true, text: "\(path) can be used")
        } catch {
            return Finding(name: "config", isGood: false, text: "\(error)")
        }
    }

    private func signedIn(_ settings: Settings) -> Finding {
        let credentials = Credentials(settings)
        return Finding(name: "sign-in", isGood: credentials.isUsable, text: credentials.description)
    }

    private func codex(_ settings: Settings) async -> [Finding] {
        guard let path = CodexRuntime.find(settings.codexBinary) else {
            return [Finding(name: "codex", isGood: false, text: CodexRuntime.notFound.description)]
        }
        do {
            let logger = Logger(label: "sre-agent") { _ in SwiftLogNoOpLogHandler() }
            let programs = try AgentPrograms(settings, codex: path, logger: logger)
            let run = try RunDirectory(below: settings.stateDirectory, for: programs.account.user)
            defer { run.remove() }
            // As the server does: the sandbox cannot be tried without it.
            try Directories.make(settings.codexHome, mode: 0o700)
            let workspace = Directories.resolve(settings.workspace) ?? settings.workspace
            let places = OwnPlaces.find(settings, programs, run)
            if let fault = OwnPlaces.fault(places, workspace: workspace) {
                return [Finding(name: "places", isGood: false, text: "\(fault)")]
            }
            let denied = AgentConfiguration.unreadable(settings, run, programs)
            let kernelGate = KernelGate(settings, denied: denied, logger: logger)
            let configuration = AgentConfiguration(settings, programs, run: run, provider: nil, kernelGate: kernelGate)
            guard let identity = try await AgentIdentity.find(configuration, run) else {
                return [Finding(name: "codex", isGood: false, text: "\(path) is not codex, so nothing gates it.")]
            }
            var findings = [Finding(name: "codex", isGood: true, text: "\(identity.version) at \(path)")]
            let check = await ConfigurationCheck(configuration, run, identity)
            if check.gateFault == nil { findings.append(check.finding) }
            findings += kernelGate.findings(check)
            findings.append(
                await SandboxProbe(configuration: configuration, run: run).refusal().map {
                    Finding(name: "sandbox", isGood: false, text: $0)
                } ?? Finding(name: "sandbox", isGood: true, text: "holds"))
            return findings
        } catch let error as AgentIdentity.Unknown {
            return [Finding(name: "codex", isGood: false, text: "\(error)")]
        } catch {
            return [Finding(name: "state", isGood: false, text: "\(error)")]
        }
    }
}

/// One thing that was looked at, in words with a remedy where it is not as it should be.
struct Finding {
    let name: String
    let isGood: Bool
    let text: String
}

extension ConfigurationCheck {
    fileprivate var finding: Finding {
        if let fault { return Finding(name: "configuration", isGood: false, text: fault) }
        let text =
            warnings.isEmpty ? "codex can use it" : "codex leaves out a part: \(warnings.joined(separator: "; "))"
        return Finding(name: "configuration", isGood: true, text: text)
    }
}

extension KernelGate {
    /// Nothing is said of a gate that could not be tried.
    fileprivate func findings(_ check: ConfigurationCheck) -> [Finding] {
        func finding(_ isGood: Bool, _ text: String) -> [Finding] {
            [Finding(name: "kernel gate", isGood: isGood, text: text)]
        }
        switch self {
        case .present:
            if let fault = check.gateFault { return finding(false, fault) }
            return check.triedGate ? finding(true, "holds") : []
        case .missing(let fault): return finding(false, "\(fault) No thread is opened without it.")
        case .doneWithout(let fault): return finding(false, "\(fault) ALLOW_WITHOUT_KERNEL_GATE does without it.")
        }
    }
}
