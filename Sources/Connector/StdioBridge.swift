import ConnectorState
import Framing
import NIOCore

/// Bridges a socket and the standard streams: performs the actions of a ``ConnectorState``.
final class StdioBridge {
    static let beat: TimeAmount = .seconds(20)
    /// How long to wait for responses after standard input has ended.
    static let inputPatience: TimeAmount = .seconds(10)

    let eventLoop: any EventLoop
    var state: ConnectorState<ByteBuffer>
    private let opener: SocketOpener
    private let say: (String) -> Void
    private let ended: EventLoopPromise<ConnectorResult>
    private var socket: ServerSocket?
    /// Numbers the attempts, so that events of earlier attempts are ignored.
    private var attempt = 0
    private var deadline: Scheduled<Void>?
    private var left: EventLoopFuture<Void>?
    private var end: ConnectorResult?

    let input = InputReader(descriptor: 0)
    var lines = LineSplitter(limit: ConnectorLimits.message)
    var isReadingInput = false

    let output = OutputWriter(descriptor: 1)
    /// Output that the writer has not taken yet.
    var pending = ByteBuffer()
    var isWriting = false
    var isReadingSocket = true

    init(
        _ opener: SocketOpener, _ options: ConnectorOptions, on eventLoop: any EventLoop,
        say: @escaping (String) -> Void, ended: EventLoopPromise<ConnectorResult>
    ) {
        self.opener = opener
        self.eventLoop = eventLoop
        self.say = say
        self.ended = ended
        state = ConnectorState(
            name: options.address.text, retryTime: Int64(options.retryTime) * 1_000, peopleAnswer: options.peopleAnswer)
    }

    func start() {
        perform(state.start())
        readInput()
        scheduleBeat()
    }

    func stop(_ signal: Int32) {
        // The process that sent the signal stopped waiting, and the reader may be gone: drop unwritten output.
        pending = ByteBuffer()
        isWriting = false
        perform(state.end(ConnectorResult(signal: signal)))
        finishIfOut()
    }

    var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
    var random: Double { .random(in: 0...1) }

    func perform(_ actions: [ConnectorState<ByteBuffer>.Action]) {
        for action in actions {
            switch action {
            case .open(let query, let delay): open(query, after: delay)
            case .send(let message): socket?.send(.text, message)
            case .ping(let count): socket?.send(.ping, ByteBuffer(integer: count))
            case .pong: socket?.send(.pong, ByteBuffer())
            case .write(let message): write(message)
            case .say(let line): say(line)
            case .leave(let code): leave(code)
            case .finish(let end):
                self.end = end
                finishIfOut()
            }
        }
        socket?.flush()
        readInput()
    }

    // MARK: Sockets

    private func open(_ query: String, after delay: Int64) {
        attempt += 1
        let (mine, bound) = (attempt, NIOLoopBound(self, eventLoop: eventLoop))
        guard delay > 0 else { return open(query, mine) }
        eventLoop.scheduleTask(in: .milliseconds(delay)) { bound.value.open(query, mine) }
    }

    private func open(_ query: String, _ mine: Int) {
        guard mine == attempt, !state.isOver else { return }
        state.opening()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        deadline = eventLoop.scheduleTask(in: SocketOpener.patience) {
            let bridge = bound.value
            if mine == bridge.attempt { bridge.perform(bridge.state.late(now: bridge.now, random: bridge.random)) }
        }
        let receiver = NIOLoopBound<any ServerSocketReceiver>(self, eventLoop: eventLoop)
        opener.open(query: query, on: eventLoop, receiver: receiver).whenComplete { result in
            bound.value.opened(mine, result)
        }
    }

    private func opened(_ mine: Int, _ result: Result<NIOLoopBound<ServerSocket>, any Error>) {
        switch result {
        case .success(let opened):
            // A socket of an earlier attempt.
            guard mine == attempt, !state.isOver else { return _ = opened.value.leave(code: nil) }
            socket = opened.value
            socket?.setReading(isReadingSocket)
            perform(state.opened())
        case .failure(let error):
            guard mine == attempt else { return }
            let answer = (error as? Refusal.Answer)?.end
            ended(answer ?? .comeBack(SocketOpener.words(error)))
        }
    }

    func setSocketReading(_ isReading: Bool) { socket?.setReading(isReading) }

    private func leave(_ code: UInt16?) {
        deadline?.cancel()
        left = socket?.leave(code: code)
        socket = nil
    }

    private func scheduleBeat() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleRepeatedTask(initialDelay: Self.beat, delay: Self.beat) { _ in
            let bridge = bound.value
            bridge.perform(bridge.state.beat(isReading: bridge.isReadingSocket, now: bridge.now))
        }
    }

    /// Finishes once all output is written and the server has the connector's close frame.
    func finishIfOut() {
        guard let end, !isWriting, pending.readableBytes == 0 else { return }
        guard let left else { return ended.succeed(end) }
        let ended = ended
        left.whenComplete { _ in ended.succeed(end) }
        self.end = nil
    }
}

extension StdioBridge: ServerSocketReceiver {
    func text(_ message: ByteBuffer) {
        deadline?.cancel()
        perform(message.withUnsafeReadableBytes { state.received(message, $0, now: now) })
    }

    func pong(_ payload: ByteBuffer) {
        guard let count = payload.getInteger(at: payload.readerIndex, as: UInt64.self) else { return heard() }
        perform(state.ponged(count))
    }

    func heard() { state.heard() }

    func ended(_ end: DisconnectReason) {
        deadline?.cancel()
        perform(state.ended(end, now: now, random: random))
    }
}
