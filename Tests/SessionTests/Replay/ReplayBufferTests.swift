@testable import Session
import Testing

/// A client receives each frame once and in order; missing frames are announced.
@Suite struct ReplayBufferTests {
    @Test func whatTheSocketTakesIsWrittenAtOnce() {
        var replayBuffer = Self.replayBuffer()
        #expect(Self.append("a", to: &replayBuffer) == .write)
        #expect(Self.append("b", to: &replayBuffer) == .write)
        #expect(replayBuffer.position == 2)
        #expect(!replayBuffer.isBehind)
        #expect(Self.rest(&replayBuffer) == [])
    }

    @Test(arguments: [true, false])
    func aSocketThatIsFullGetsTheRestLater(_ isResumable: Bool) {
        var replayBuffer = Self.replayBuffer(isResumable: isResumable)
        _ = Self.append("a", to: &replayBuffer)
        replayBuffer.setWritable(false)
        #expect(Self.append("b", to: &replayBuffer) == .hold)
        #expect(Self.append("c", to: &replayBuffer) == .hold)
        #expect(replayBuffer.isBehind)
        #expect(replayBuffer.next() == nil)
        replayBuffer.setWritable(true)
        // Queued behind the held frames.
        #expect(Self.append("d", to: &replayBuffer) == .hold)
        #expect(Self.rest(&replayBuffer) == ["b", "c", "d"])
        #expect(Self.append("e", to: &replayBuffer) == .write)
    }

    @Test(arguments: 0...5)
    func whoComesBackGetsWhatFollowed(_ count: Int) {
        var replayBuffer = Self.replayBuffer()
        let frames = ["a", "b", "c", "d", "e"]
        for (index, frame) in frames.enumerated() {
            if index == 3 { replayBuffer.detach() }
            _ = Self.append(frame, to: &replayBuffer)
        }
        #expect(replayBuffer.attach(after: UInt64(count)) == .whole(next: UInt64(count)))
        #expect(Self.rest(&replayBuffer) == Array(frames[count...]))
    }

    @Test func whatIsNoLongerKeptIsAGap() {
        var replayBuffer = Self.replayBuffer(limits: .init(frames: 3, bytes: 100))
        replayBuffer.detach()
        for frame in ["a", "b", "c", "d", "e"] { #expect(Self.append(frame, to: &replayBuffer) == .hold) }
        #expect(replayBuffer.attach(after: 1) == .gap(next: 2))
        #expect(Self.rest(&replayBuffer) == ["c", "d", "e"])
        replayBuffer.detach()
        #expect(replayBuffer.attach(after: 2) == .whole(next: 2))
    }

    @Test func aCountThatWasNeverReachedIsAGap() {
        var replayBuffer = Self.replayBuffer()
        _ = Self.append("a", to: &replayBuffer)
        #expect(replayBuffer.attach(after: 2) == .gap(next: 0))
        #expect(Self.rest(&replayBuffer) == ["a"])
    }

    @Test func bytesAreALimitToo() {
        var replayBuffer = Self.replayBuffer(limits: .init(frames: 100, bytes: 10))
        replayBuffer.detach()
        for frame in ["aaaa", "bbbb", "cccc"] { _ = Self.append(frame, to: &replayBuffer) }
        #expect(replayBuffer.attach(after: 0) == .gap(next: 1))
        #expect(Self.rest(&replayBuffer) == ["bbbb", "cccc"])
    }

    @Test(arguments: [true, false])
    func aSocketThatIsTooSlowIsSaidSo(_ isResumable: Bool) {
        var replayBuffer = Self.replayBuffer(isResumable: isResumable, limits: .init(frames: 2, bytes: 100))
        replayBuffer.setWritable(false)
        #expect(Self.append("a", to: &replayBuffer) == .hold)
        #expect(Self.append("b", to: &replayBuffer) == .hold)
        #expect(Self.append("c", to: &replayBuffer) == .overflow)
        // Reported once, because the relay closes the socket only once.
        #expect(Self.append("d", to: &replayBuffer) == .hold)
        #expect(replayBuffer.attach(after: 0) == .gap(next: 2))
    }

    @Test func aFrameThatNoBufferHoldsIsWritten() {
        var replayBuffer = Self.replayBuffer(limits: .init(frames: 5, bytes: 3))
        replayBuffer.setWritable(false)
        #expect(Self.append("long frame", to: &replayBuffer) == .write)
        #expect(replayBuffer.position == 1)
        replayBuffer.detach()
        #expect(replayBuffer.attach(after: 0) == .gap(next: 1))
    }

    @Test func nothingIsKeptForAClientThatCannotComeBack() {
        var replayBuffer = Self.replayBuffer(isResumable: false)
        for _ in 0..<100 { #expect(Self.append("a", to: &replayBuffer) == .write) }
        replayBuffer.setWritable(false)
        for _ in 0..<3 { _ = Self.append("b", to: &replayBuffer) }
        replayBuffer.setWritable(true)
        #expect(Self.rest(&replayBuffer).count == 3)
        #expect(replayBuffer.position == 103)
        replayBuffer.detach()
        #expect(replayBuffer.attach(after: 100) == .gap(next: 103))
    }

    /// Random sockets, compared with the simplest model: the list of all frames.
    @Test(arguments: 0..<40)
    func nothingIsLostOrDoubled(_ seed: UInt64) {
        var random = Numbers(state: seed)
        let limits = ReplayBuffer.Limits(frames: 20, bytes: 3_000)
        var replayBuffer = Self.replayBuffer(limits: limits)
        var all: [String] = []
        var had = 0
        var isAttached = true
        for _ in 0..<3_000 {
            switch random.next() % 10 {
            case 0 where isAttached:
                replayBuffer.detach()
                isAttached = false
            case 0, 1:
                guard !isAttached else { continue }
                // A cut loses the frames in flight.
                let back = UInt64(max(0, had - Int(random.next() % 4)))
                had = Int(back)
                switch replayBuffer.attach(after: back) {
                case .whole(let next): #expect(next == back)
                case .gap(let next):
                    #expect(next > back)
                    had = Int(next)
                }
                isAttached = true
            case 2: replayBuffer.setWritable(random.next() % 2 == 0)
            case 3, 4:
                while let frame = replayBuffer.next() {
                    #expect(String(decoding: frame, as: UTF8.self) == all[had])
                    had += 1
                }
            default:
                let frame = String(repeating: "x", count: Int(random.next() % 400)) + String(all.count)
                all.append(frame)
                switch Self.append(frame, to: &replayBuffer) {
                case .write:
                    #expect(isAttached && had == all.count - 1)
                    had = all.count
                case .hold: break
                case .overflow:
                    #expect(isAttached)
                    isAttached = false
                }
            }
        }
        #expect(replayBuffer.position == UInt64(all.count))
    }

    private struct Numbers {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }

    private static func replayBuffer(isResumable: Bool = true, limits: ReplayBuffer.Limits = .init()) -> ReplayBuffer {
        ReplayBuffer(isResumable: isResumable, limits: limits)
    }

    private static func append(_ frame: String, to replayBuffer: inout ReplayBuffer) -> ReplayBuffer.Delivery {
        Array(frame.utf8).withUnsafeBytes { replayBuffer.append($0) }
    }

    private static func rest(_ replayBuffer: inout ReplayBuffer) -> [String] {
        var frames: [String] = []
        while let frame = replayBuffer.next() { frames.append(String(decoding: frame, as: UTF8.self)) }
        return frames
    }
}
