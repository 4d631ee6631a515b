import JSON
import Logging
import NIOCore
import Session

/// The server's end of one thread's verifier. Used on its channel's event loop.
final class HookVerifier {
    /// How long a call waits for its hook to connect. The hook only has to start, so this allows for a machine under
    /// load.
    private static let patience = TimeAmount.seconds(15)

    private struct Wait {
        let id: JSONValue
        let call: HookCall
        let watch: RepeatedTask
    }

    private let rendezvous: LockedHookRendezvous
    private let channel: any Channel
    private let logger: Logger
    private var waits: [HookTicket: Wait] = [:]

    init(rendezvous: LockedHookRendezvous, channel: any Channel, logger: Logger) {
        self.rendezvous = rendezvous
        self.channel = channel
        self.logger = logger
    }

    func hear(_ message: JSONValue) {
        switch VerifierMessage(message) {
        case .nothing: break
        case .answer(let answer): send(answer)
        case .call(let id, let call, let cwd): verify(call, in: cwd, id)
        }
    }

    func close() {
        for (ticket, wait) in waits {
            wait.watch.cancel()
            rendezvous.forget(ticket, of: wait.call)
        }
        waits = [:]
    }

    private func verify(_ call: HookCall, in cwd: String, _ id: JSONValue) {
        let eventLoop = channel.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let asked = rendezvous.verifierAsks(about: call) { ticket, answer in
            eventLoop.execute { bound.value.end(ticket, answer) }
        }
        switch asked {
        case .failure(let known): send(VerifierMessage.response(to: id, known.answer))
        case .success(let ticket):
            let deadline = NIODeadline.now() + Self.patience
            let watch = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(500)) { task in
                bound.value.look(for: ticket, cwd, deadline, task)
            }
            waits[ticket] = Wait(id: id, call: call, watch: watch)
        }
    }

    /// If the hook cannot start, no approval is requested and codex continues without it; the verifier therefore denies
    /// the call.
    private func look(for ticket: HookTicket, _ cwd: String, _ deadline: NIODeadline, _ task: RepeatedTask) {
        guard let call = waits[ticket]?.call, rendezvous.isWaitingForHook(ticket, of: call) else {
            // The hook has come: a person may take any time to answer.
            return task.cancel()
        }
        let canCome = WorkingDirectory.canStart(in: cwd)
        guard !canCome || .now() >= deadline else { return }
        let why = canCome ? "it did not start" : "\(cwd) no longer exists"
        rendezvous.refuse(ticket, call)
        logger.error("a call was stopped: the gate's hook did not come", metadata: ["why": "\(why)"])
        end(ticket, .deny(reason: "The approval gate could not ask for approval, so this did not run: \(why)."))
    }

    private func end(_ ticket: HookTicket, _ answer: HookRendezvous.Answer) {
        guard let wait = waits.removeValue(forKey: ticket) else { return }
        wait.watch.cancel()
        send(VerifierMessage.response(to: wait.id, answer))
    }

    private func send(_ message: JSONValue) {
        channel.writeAndFlush(ByteBuffer(bytes: message.serialized() + [0x0A]), promise: nil)
    }
}
