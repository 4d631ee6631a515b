import JSON
import Logging
import NIOCore
import Session

/// The server's end of the witness of one thread. Lives on its channel's event loop.
final class GateWitness {
    /// How long a call waits for its hook, which has only to start: a machine's time under load, not a person's.
    private static let patience = TimeAmount.seconds(15)

    private struct Wait {
        let id: JSONValue
        let call: HookCall
        let watch: RepeatedTask
    }

    private let roll: HookRoll
    private let channel: any Channel
    private let logger: Logger
    private var waits: [HookTicket: Wait] = [:]

    init(roll: HookRoll, channel: any Channel, logger: Logger) {
        self.roll = roll
        self.channel = channel
        self.logger = logger
    }

    func hear(_ message: JSONValue) {
        switch WitnessMessage(message) {
        case .nothing: break
        case .answer(let answer): send(answer)
        case .call(let id, let call, let cwd): witness(call, in: cwd, id)
        }
    }

    func close() {
        for (ticket, wait) in waits {
            wait.watch.cancel()
            roll.gaveUp(ticket, on: wait.call)
        }
        waits = [:]
    }

    private func witness(_ call: HookCall, in cwd: String, _ id: JSONValue) {
        let eventLoop = channel.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let ticket = roll.witness(call) { ticket in eventLoop.execute { bound.value.end(ticket, nil) } }
        guard let ticket else { return send(WitnessMessage.response(to: id, nil)) }
        let deadline = NIODeadline.now() + Self.patience
        let watch = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(500)) { _ in
            bound.value.look(for: ticket, cwd, deadline)
        }
        waits[ticket] = Wait(id: id, call: call, watch: watch)
    }

    /// Where the hook cannot be started nobody is asked, and codex goes on without it: the witness says no.
    private func look(for ticket: HookTicket, _ cwd: String, _ deadline: NIODeadline) {
        let canCome = WorkingDirectory.canStart(in: cwd)
        guard !canCome || .now() >= deadline, let call = waits[ticket]?.call, roll.gaveUp(ticket, on: call) else {
            return
        }
        let why = canCome ? "it did not start" : "\(cwd) is not there any more"
        logger.error("a call was stopped: the gate's hook did not come", metadata: ["why": "\(why)"])
        end(ticket, .deny(reason: "The approval gate could ask nobody, so this was not run: \(why)."))
    }

    private func end(_ ticket: HookTicket, _ verdict: HookVerdict?) {
        guard let wait = waits.removeValue(forKey: ticket) else { return }
        wait.watch.cancel()
        send(WitnessMessage.response(to: wait.id, verdict))
    }

    private func send(_ message: JSONValue) {
        channel.writeAndFlush(ByteBuffer(bytes: message.serialized() + [0x0A]), promise: nil)
    }
}
