import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// The service manager that has started the server, such as systemd: it is told about the server's state, and its SIGHUP
/// reloads what can be reloaded. The messages are those of sd_notify(3).
struct ServiceManager: Sendable {
    static let variable = "NOTIFY_SOCKET"

    /// The path of a datagram socket, or `@` and an abstract name; nil without a service manager that wants to know.
    private let socketPath: String?

    /// Running turns may take this long to finish before the server stops.
    private let drainTimeout: Duration

    init(_ environment: [String: String], drainTimeout: Duration) {
        self.drainTimeout = drainTimeout
        socketPath = environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The server listens.
    func ready() { tell("READY=1") }

    /// Asks for as much time as the drain may take, and 10 s for the rest: TimeoutStopSec would end the server earlier.
    func stopping() {
        tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=\((drainTimeout.components.seconds + 10) * 1_000_000)")
    }

    func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }

    private func tell(_ state: String) {
        guard let socketPath else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(descriptor, state, state.utf8.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }
}

/// Reloads on SIGHUP, and tells the service manager when the server begins to stop.
struct ServiceManagerService: Service {
    let manager: ServiceManager
    let logger: Logger
    /// Reads the rules and certificates again, as when their files change.
    let reload: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                logger.notice("SIGHUP: the rules and certificates are read again")
                manager.reloading()
                reload()
                manager.ready()
            }
        }
        manager.stopping()
    }
}
