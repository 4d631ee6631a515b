import Glibc
import NIOCore
import Settings
import Synchronization

/// `CPU_LATENCY_US`: limits how deeply cores sleep while messages flow (the kernel's CPU latency QoS,
/// Documentation/power/pm_qos_interface.rst).
///
/// Between two messages all threads sleep, and so do the cores. On a virtual machine, waking a core takes longer than
/// relaying the message.
final class CPULatency: Sendable {
    private static let device = "/dev/cpu_dma_latency"
    /// How long after the last message. Each change wakes all cores, so it must not happen between the messages of one
    /// answer.
    private static let keep = TimeAmount.milliseconds(100)

    private struct State {
        /// The request is in effect while this descriptor is open.
        var descriptor: CInt?
        var until = NIODeadline.uptimeNanoseconds(0)
    }

    private let microseconds: Int32
    private let timers: any EventLoop
    private let state = Mutex(State())

    /// Throws ``SettingsError`` if the kernel does not accept the request.
    init(microseconds: Int32, timers: any EventLoop) throws(SettingsError) {
        self.microseconds = microseconds
        self.timers = timers
        guard let descriptor = Self.wish(microseconds) else {
            let reason = String(cString: strerror(errno))
            throw SettingsError(key: "CPU_LATENCY_US", reason: "\(Self.device) cannot be written: \(reason)")
        }
        close(descriptor)
    }

    /// Called on any event loop. If the request fails, it is repeated with the next message; a failure only costs
    /// latency.
    @Sendable func messagesFlow(at now: NIODeadline) {
        let end = now + Self.keep
        let isNew = state.withLock { state in
            state.until = max(state.until, end)
            guard state.descriptor == nil else { return false }
            state.descriptor = Self.wish(microseconds)
            return state.descriptor != nil
        }
        if isNew { release(at: end) }
    }

    private func release(at time: NIODeadline) {
        timers.scheduleTask(deadline: time) {
            let next = self.state.withLock { state -> NIODeadline? in
                if state.until > .now() { return state.until }
                if let descriptor = state.descriptor.take() { close(descriptor) }
                return nil
            }
            if let next { self.release(at: next) }
        }
    }

    private static func wish(_ microseconds: Int32) -> CInt? {
        let descriptor = open(device, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let written = withUnsafeBytes(of: microseconds) { write(descriptor, $0.baseAddress, $0.count) }
        if written == MemoryLayout<Int32>.size { return descriptor }
        let reason = errno
        close(descriptor)
        errno = reason
        return nil
    }
}
