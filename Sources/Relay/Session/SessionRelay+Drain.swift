import JSON
import JSONRPC
import NIOCore
import Session

/// The end of the server.
extension SessionRelay {
    /// Closes the socket as soon as no turn runs, or when the time for that is over.
    func serverStops() {
        guard drain.begin() else { return }
        session.refuseTurns()
        closeForStop(in: drainDeadline.remaining)
        closeIfIdle()
        tellStop(in: drainDeadline.remaining)
    }

    /// Tells a client whose turn still runs.
    private func tellStop(in time: Duration) {
        guard session.isTurnRunning, time > .zero else { return }
        let endsAt = WallClock.now + Milliseconds(time / .milliseconds(1))
        let params: JSONValue = [
            "message": "The server is about to stop. Running turns may end until then; no new turns are started.",
            "endsAt": .number(JSONNumber(endsAt)),
        ]
        sendToClient(ByteBuffer(bytes: MessageEncoder.notification("sre/serverStopping", params: params)))
        client.attachment?.link.flush()
    }

    /// Completes when no turn runs, or when the time for that is over.
    func drained() -> EventLoopFuture<Void> {
        serverStops()
        let left = drainDeadline.remaining
        guard session.isTurnRunning, left > .zero else { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        drain.add(promise)
        closeForStop(in: left)
        return promise.futureResult
    }

    /// Closes the socket if the server stops and no turn runs.
    func closeIfIdle() {
        if drain.hasBegun, !session.isTurnRunning { closeForStop() }
    }

    private func closeForStop(in time: Duration) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: TimeAmount(time)) { bound.value.closeForStop() }
    }

    private func closeForStop() {
        for promise in drain.takeWaiting() { promise.succeed() }
        guard let attachment = client.attachment else { return }
        attachment.close(.goingAway, "The server is stopping.")
        clientLeft()
    }
}
