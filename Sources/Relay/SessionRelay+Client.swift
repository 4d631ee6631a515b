import AuditRecord
import JSON
import Logging
import NIOCore
import Session

/// The client's side: one socket after another, and what is kept while there is none.
extension SessionRelay {
    /// Another socket looks at the session from now on; the one before is closed.
    ///
    /// `number` says which socket came first: one that was let in before the socket that has the session now, and was
    /// only slower to get here, does not take it back.
    func attach(_ link: any ClientLink, client: ClientContext, number: UInt64, after count: UInt64) -> ClientAttachment
    {
        guard case .resumable(let id, _, _, let onChange) = keeping, !isEnded else {
            let attachment = ClientAttachment(link, at: nil)
            attachment.close(.ended, "This session has ended. Open a new one.")
            return attachment
        }
        guard number > lastNumber else {
            let attachment = ClientAttachment(link, at: nil)
            attachment.close(.takenOver, "This session was opened elsewhere.")
            return attachment
        }
        lastNumber = number
        session.client = client
        hub.note(
            client.entry(.sessionResumed, at: 0, details: ["session": .number(JSONNumber(Int64(session.id.value)))]))
        ending?.cancel()
        onChange(.attended)
        attachment?.close(.takenOver, "This session was opened elsewhere.")
        let attachment = ClientAttachment(link, at: self)
        self.attachment = attachment
        let resumption = replayBuffer.attach(after: count)
        link.send(ByteBuffer(bytes: SessionNotice(sessionID: id, resumption, received: received).message))
        sendWhatIsKept()
        if case .gap = resumption {
            let id = session.id
            hub.event { coordinator, _ in coordinator.showAgain(to: id) }
        }
        updateReading()
        return attachment
    }

    private var isEnded: Bool { if case .closed = agent { true } else { false } }

    /// Whoever this is may not be here any more. What runs goes on, for those who may.
    func signedOut(_ reason: String) {
        guard let attachment else { return }
        attachment.close(.signedOut, reason)
        clientLeft()
    }

    func clientSent(_ message: ByteBuffer) {
        switch agent {
        case .connecting(var waiting):
            agent = .closed  // gives up the only other reference, so that the append happens in place
            waiting.append(message)
            agent = .connecting(waiting: waiting)
            if waiting.count > Self.waitingLimit { giveUpWaiting("The agent is slow to start.") }
        case .attached, .absent:
            let outcome = message.withUnsafeReadableBytes { session.receiveFromClient($0, now: WallClock.now) }
            switch outcome {
            case .forward:
                recordNotes()
                sendToAgent(message)
            case .act(let actions): perform(actions, forward: { self.sendToAgent(message) })
            }
        case .closed: break
        }
    }

    func clientPaused() { flushLater() }

    func clientWritabilityChanged() {
        sendWhatIsKept()
        updateReading()
    }

    func clientLeft() {
        attachment = nil
        replayBuffer.detach()
        switch keeping {
        case .withSocket: end()
        case .resumable(_, _, let keep, let onChange):
            guard !isEnded else { return }
            onChange(.waits(isBusy: isBusy))
            endUnlessResumed(in: keep)
            updateReading()
        }
    }

    /// Whether a busy session may end is looked at again after a while of its own: with no time to keep it, looking
    /// again at once would leave the event loop nothing else to do.
    private static func untilNextLook(after time: TimeAmount) -> TimeAmount {
        min(max(time, .seconds(1)), .seconds(60))
    }

    private func endUnlessResumed(in time: TimeAmount) {
        ending?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ending = eventLoop.scheduleTask(in: time) {
            let relay = bound.value
            guard relay.attachment == nil else { return }
            if relay.isBusy { relay.endUnlessResumed(in: Self.untilNextLook(after: time)) } else { relay.end() }
        }
    }

    private var isBusy: Bool { session.isTurnRunning || hub.isAsking(session.id) }

    /// Its owner has more sessions without a socket than are kept.
    func giveWay() {
        guard attachment == nil, !isEnded else { return }
        logger.notice(
            "a session without a client has ended, to make room for another of the same person's",
            metadata: ["session": "\(session.id.value)", "busy": "\(isBusy)"])
        end()
    }

    // MARK: To the client

    /// One message for the client: written, or kept for when it can be.
    func sendToClient(_ message: ByteBuffer) {
        guard session.client.principal.seesMasked else { return deliver(message) }
        let masked = message.withUnsafeReadableBytes { hub.viewerMask.masked(message: $0) }
        deliver(masked.map { ByteBuffer(bytes: $0) } ?? message)
    }

    private func deliver(_ message: ByteBuffer) {
        switch message.withUnsafeReadableBytes({ replayBuffer.append($0) }) {
        case .write: attachment?.link.send(message)
        case .hold: break
        case .overflow:
            attachment?.close(.tooSlow, "This client reads too slowly: more waits for it than is kept.")
            clientLeft()
        }
    }

    /// As much as the socket takes. Writing and flushing change what it takes, and it tells so from within; hence the
    /// guard, and the question after each step.
    private func sendWhatIsKept() {
        guard let link = attachment?.link, !isSendingWhatIsKept else { return }
        isSendingWhatIsKept = true
        repeat {
            replayBuffer.setWritable(true)
            while link.isWritable, let frame = replayBuffer.next() { link.send(ByteBuffer(bytes: frame)) }
            link.flush()
        } while link.isWritable && replayBuffer.isBehind
        isClientWritable = link.isWritable
        replayBuffer.setWritable(isClientWritable)
        isSendingWhatIsKept = false
    }

    /// An agent of the session's own is made to wait for a slow socket, and nothing is lost. One that others share is
    /// not, and neither is one that nobody looks at.
    func updateReading() {
        guard case .attached(let link) = agent else { return }
        link.setReading(link.info.isShared || attachment == nil || isClientWritable)
    }

    // MARK: The end of the server

    func serverStops() {
        guard !isStopping else { return }
        isStopping = true
        session.refuseTurns()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: TimeAmount(drainDeadline.remaining)) { bound.value.closeForStop() }
        closeIfIdle()
    }

    /// Completes when no turn runs any more or the time for that is over.
    func drained() -> EventLoopFuture<Void> {
        serverStops()
        let left = drainDeadline.remaining
        guard session.isTurnRunning, left > .zero else { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        draining.append(promise)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: TimeAmount(left)) { bound.value.closeForStop() }
        return promise.futureResult
    }

    /// While the server stops, a turn that runs may end.
    func closeIfIdle() {
        if isStopping, !session.isTurnRunning { closeForStop() }
    }

    private func closeForStop() {
        for promise in draining { promise.succeed() }
        draining = []
        guard let attachment else { return }
        attachment.close(.goingAway, "The server is stopping.")
        clientLeft()
    }
}
