import ArgumentParser
import Settings
import Glibc
import Logging

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks the server's requirements and suggests fixes.")

    @Option(help: "The port that serve will listen on. (PORT)")
    var port: String?

    @Option(help: "Roles, floors and approval rules. (CONFIG)")
    var config: String?

    @Flag(help: "Check what the built-in demo model needs. (DEMO)")
    var demo = false

    @OptionGroup var shared: SettingsOptions

    func run() async throws {
        var flags: [String: String] = [:]
        flags["PORT"] = port
        flags["CONFIG"] = config
        if demo { flags["DEMO"] = "1" }
        let settings = try shared.settings(flags)
        var findings: [Finding] = []
        findings.append(workspace(settings))
        findings.append(portFree(settings))
        findings.append(signedIn(settings))
        if let path = settings.rulesFile { findings.append(rules(path, settings)) }
        if !ExecutablePaths.hasGate {
            findings.append(Finding(name: "gate", isGood: false, text: ExecutablePaths.gateNotFound.description))
        }
        findings += await CodexCheckup(settings: settings).findings()
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
                text: "\(settings.workspace) cannot be written (\(error)). Set WORKSPACE to a directory that you own.")
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
}

/// The result of one check. The text of a failed check includes a remedy.
struct Finding {
    let name: String
    let isGood: Bool
    let text: String
}
