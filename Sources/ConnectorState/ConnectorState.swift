/// Carries messages between a program and a server over one socket after another, so that the program does not notice a
/// lost connection. No message is lost or duplicated in either direction.
///
/// The server counts the messages it sends and receives (`sre/session`). This state keeps the messages that the server
/// may not have. A ping carries the number of messages sent before it; the server answers it once it has read them.
///
/// A state machine without a clock; its owner performs the actions in order. Times are in milliseconds.
public struct ConnectorState<Message: Sendable>: Sendable {
    public enum Action {
        /// Open a socket after this many milliseconds, with this added to the URL's query.
        case open(query: String, after: Int64)
        case send(Message)
        /// A ping with this number as its payload.
        case ping(UInt64)
        /// An unsolicited pong: a heartbeat that needs no answer.
        case pong
        case write(Message)
        /// A line for people.
        case say(String)
        /// Leave the socket, with a close frame if there is a code.
        case leave(code: UInt16?)
        /// Finish once all output is written.
        case finish(ConnectorResult)
    }

    private enum Phase {
        /// → `greeting`, `waiting`, `over`
        case opening
        /// The socket is open, but its first frame has not arrived. → `online`, `waiting`, `over`
        case greeting
        /// → `waiting`, `over`
        case online
        /// Waiting for the next attempt. → `opening`, `over`
        case waiting
        case over
    }

    /// A socket that carried no message resets the backoff only if it lived longer than this.
    static var goodAfter: Int64 { 5_000 }
    /// Beats without a byte from the server before the connection counts as dead.
    static var patience: Int { 3 }
    /// A longer loss is reported to the person.
    static var brief: Int64 { 3_000 }
    /// The client will not return, so the server need not keep the session.
    static var doneCode: UInt16 { 4000 }

    private let name: String
    private let retryTime: Int64
    private var phase = Phase.opening
    private var cursor = SessionCursor()
    private var sent = UnacknowledgedMessages<Message>()
    private var requests = OpenRequests()
    /// Nil if the program's answers count.
    private var delegated: DelegatedQuestions?
    private var backoff = Backoff()
    private var isPingOut = false
    private var hasInputEnded = false
    private var silentBeats = 0
    private var onlineAt: Int64 = 0
    /// When the connection was lost; nil while connected, and before the first connection.
    private var lostAt: Int64?
    private var hasSaidLost = false

    /// `name` is the server's name for people. `retryTime` is how long to try to reach a lost server. `peopleAnswer`
    /// drops the program's answers to questions for people.
    public init(name: String, retryTime: Int64, peopleAnswer: Bool = false) {
        self.name = name
        delegated = peopleAnswer ? DelegatedQuestions() : nil
        self.retryTime = retryTime
    }

    public func start() -> [Action] { [.open(query: cursor.query, after: 0)] }

    /// Whether to read more of standard input.
    public var wantsInput: Bool {
        !isOver && !hasInputEnded && sent.byteCount < ConnectorLimits.window
            && sent.count < ConnectorLimits.windowMessages
    }

    public var isOver: Bool { if case .over = phase { true } else { false } }

    // MARK: The program

    /// One line of standard input.
    public mutating func input(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> [Action] {
        guard !isOver, delegated?.isAnswered(by: bytes) != true else { return [] }
        requests.sent(bytes)
        sent.append(message, size: bytes.count)
        guard case .online = phase else { return [] }
        return [.send(message)] + ping()
    }

    public mutating func inputEnded() -> [Action] {
        hasInputEnded = true
        return finishIfDone()
    }

    /// Standard input has ended, and some responses have not arrived in time.
    public mutating func inputEndedLongAgo() -> [Action] {
        let missing = requests.count
        return end(.init(.lost, "Standard input has ended, and \(missing) of its requests had no answer in time."))
    }

    // MARK: The server

    public mutating func opened() -> [Action] {
        guard case .opening = phase else { return [.leave(code: nil)] }
        phase = .greeting
        silentBeats = 0
        return []
    }

    /// A text message.
    public mutating func received(_ message: Message, _ bytes: UnsafeRawBufferPointer, now: Int64) -> [Action] {
        silentBeats = 0
        switch phase {
        case .greeting: return greeted(bytes, now)
        case .online:
            cursor.countFrame()
            backoff.reset()
            requests.received(bytes)
            delegated?.received(bytes)
            return [.write(message)] + finishIfDone()
        case .opening, .waiting, .over: return []
        }
    }

    private mutating func greeted(_ bytes: UnsafeRawBufferPointer, _ now: Int64) -> [Action] {
        switch cursor.read(bytes) {
        case .goesOn(let received):
            guard received >= sent.confirmed, sent.confirm(received) else { return end(Self.otherServer(name)) }
            phase = .online
            onlineAt = now
            lostAt = nil
            isPingOut = false
            let news: [Action] = hasSaidLost ? [.say("Connected to \(name) again; nothing was lost.")] : []
            hasSaidLost = false
            return news + sent.unconfirmed.map { .send($0) } + ping() + finishIfDone()
        case .ended:
            return end(
                .init(.lost, "The session at \(name) has ended: the server was restarted, or kept it no longer."))
        case .gap:
            return end(
                .init(.lost, "The server no longer has all missed messages: more arrived than it keeps."))
        case .unusable: return end(Self.otherServer(name))
        }
    }

    private static func otherServer(_ name: String) -> ConnectorResult {
        .init(.protocol, "The server at \(name) is not an SRE Agent Server, or has another version.")
    }

    public mutating func ponged(_ count: UInt64) -> [Action] {
        silentBeats = 0
        guard case .online = phase, sent.confirm(max(count, sent.confirmed)) else { return [] }
        isPingOut = false
        backoff.reset()
        return ping() + finishIfDone()
    }

    /// Any other byte from the server.
    public mutating func heard() { silentBeats = 0 }

    /// Sends one ping at a time while any message is unconfirmed.
    private mutating func ping() -> [Action] {
        guard !isPingOut, sent.count > 0 else { return [] }
        isPingOut = true
        return [.ping(sent.total)]
    }

    /// Called every 20 s. `isReading` says whether the socket is being read.
    public mutating func beat(isReading: Bool, now: Int64) -> [Action] {
        guard case .online = phase else { return [] }
        guard isReading else {
            silentBeats = 0
            return [.pong]
        }
        silentBeats += 1
        guard silentBeats <= Self.patience else {
            return ended(.comeBack("The connection went silent."), now: now, random: 0)
        }
        return isPingOut ? [.pong] : [.ping(sent.total)]
    }

    /// The socket has closed, or could not be opened.
    public mutating func ended(_ end: DisconnectReason, now: Int64, random: Double) -> [Action] {
        switch (phase, end) {
        case (.over, _), (.waiting, _): return []
        case (_, .over(let end)): return self.end(end)
        case (.opening, .comeBack(let reason)) where cursor.id == nil,
            (.greeting, .comeBack(let reason)) where cursor.id == nil:
            return self.end(.init(.unavailable, "\(name) cannot be reached: \(reason)"))
        case (_, .busy(let reason)) where cursor.id == nil: return self.end(.init(.lost, reason))
        case (_, .comeBack(let reason)), (_, .busy(let reason)): return lost(reason, now, random)
        }
    }

    private mutating func lost(_ reason: String, _ now: Int64, _ random: Double) -> [Action] {
        if case .online = phase, now - onlineAt > Self.goodAfter { backoff.reset() }
        phase = .waiting
        let since = lostAt ?? now
        lostAt = since
        guard now - since < retryTime else {
            return end(
                .init(.unavailable, "\(name) was lost \((now - since) / 1_000) s ago and cannot be reached: \(reason)"))
        }
        let delay = min(backoff.next(random: random), since + retryTime - now)
        var actions: [Action] = [.leave(code: nil)]
        if !hasSaidLost, now - since >= Self.brief {
            hasSaidLost = true
            actions.append(.say("The connection to \(name) is lost; trying again. \(reason)"))
        }
        return actions + [.open(query: cursor.query, after: delay)]
    }

    /// The socket or its first frame has not arrived in time.
    public mutating func late(now: Int64, random: Double) -> [Action] {
        switch phase {
        case .greeting where cursor.id == nil: end(Self.otherServer(name))
        case .opening, .greeting: ended(.comeBack("It does not answer."), now: now, random: random)
        case .online, .waiting, .over: []
        }
    }

    /// The next attempt begins.
    public mutating func opening() {
        if case .waiting = phase { phase = .opening }
    }

    // MARK: The end

    private mutating func finishIfDone() -> [Action] {
        guard case .online = phase, hasInputEnded, requests.count == 0, sent.count == 0 else { return [] }
        return end(.init(.done))
    }

    public mutating func end(_ end: ConnectorResult) -> [Action] {
        guard !isOver else { return [] }
        phase = .over
        return [.leave(code: Self.doneCode), .finish(end)]
    }
}
