import Framing
import JSONRPC
import NIOCore
import Policy
import Session

/// A step of the message path. Each run performs the step `count` times, on typical messages.
enum Part: String, CaseIterable {
    /// A delta of 120 bytes, and of 4 KiB: checks the grammar and reads the envelope.
    case scan120, scan4096
    /// Finds and unmasks a client's masked frame of 300 bytes.
    case frame300
    /// Finds a line of 120 bytes in a read of many lines.
    case line120
    /// Checks a request of 300 bytes against role, rate limit and pending requests, and handles its response.
    case policy300
    /// Appends a delta of 120 bytes to the replay buffer, which drops the oldest.
    case replay120

    func run(_ count: Int) {
        switch self {
        case .scan120: Self.scan(Sample.delta(120), count)
        case .scan4096: Self.scan(Sample.delta(4_096), count)
        case .frame300: Self.frames(count)
        case .line120: Self.lines(count)
        case .policy300: Self.policy(count)
        case .replay120: Self.replay(count)
        }
    }

    private static func scan(_ message: [UInt8], _ count: Int) {
        message.withUnsafeBytes { bytes in
            for _ in 0..<count {
                guard let envelope = try? Envelope(scanning: bytes), envelope.plainNotification(in: bytes) != nil
                else { fatalError("the sample is a notification") }
            }
        }
    }

    private static func frames(_ count: Int) {
        var decoder = FrameDecoder(maximumPayload: 1 << 20)
        let frame = ByteBuffer(bytes: Sample.maskedFrame(Sample.request(300, id: 1)))
        for _ in 0..<count {
            decoder.append(frame)
            var frames = 0
            while let read = try? decoder.next() { frames += read.payload.readableBytes == 300 ? 1 : 0 }
            precondition(frames == 1)
        }
    }

    private static func lines(_ count: Int) {
        var splitter = LineSplitter(limit: 1 << 20)
        let linesInARead = 500
        let read = ByteBuffer(bytes: [[UInt8]](repeating: Sample.delta(120) + [0x0A], count: linesInARead).joined())
        for _ in 0..<(count / linesInARead) {
            splitter.append(read)
            var lines = 0
            while (try? splitter.next()) != nil { lines += 1 }
            precondition(lines == linesInARead)
        }
    }

    private static func policy(_ count: Int) {
        var session = Sample.session()
        let request = Sample.request(300, id: 7)
        let answer = Sample.answer(id: 7)
        for number in 0..<count {
            let asked = request.withUnsafeBytes { session.receiveFromClient($0, now: Int64(number)) }
            let answered = answer.withUnsafeBytes { session.receiveFromAgent($0) }
            guard case .forward = asked, case .forward = answered else { fatalError("both are passed on") }
        }
    }

    private static func replay(_ count: Int) {
        var replayBuffer = ReplayBuffer(isResumable: true, limits: .init(frames: 1_000))
        Sample.delta(120).withUnsafeBytes { message in
            for _ in 0..<count { precondition(replayBuffer.append(message) == .write) }
        }
    }
}
