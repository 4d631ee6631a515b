@testable import Session
import Testing

/// What a client is sent, in order, none twice; what is missing is said.
@Suite struct OutboxTests {
    @Test func whatTheSocketTakesIsWrittenAtOnce() {
        var outbox = Self.outbox()
        #expect(Self.append("a", to: &outbox) == .write)
        #expect(Self.append("b", to: &outbox) == .write)
        #expect(outbox.position == 2)
        #expect(!outbox.isBehind)
        #expect(Self.rest(&outbox) == [])
    }

    @Test(arguments: [true, false])
    func aSocketThatIsFullGetsTheRestLater(_ isResumable: Bool) {
        var outbox = Self.outbox(isResumable: isResumable)
        _ = Self.append("a", to: &outbox)
        outbox.setWritable(false)
        #expect(Self.append("b", to: &outbox) == .hold)
        #expect(Self.append("c", to: &outbox) == .hold)
        #expect(outbox.isBehind)
        #expect(outbox.next() == nil)
        outbox.setWritable(true)
        // Not before those that wait.
        #expect(Self.append("d", to: &outbox) == .hold)
        #expect(Self.rest(&outbox) == ["b", "c", "d"])
        #expect(Self.append("e", to: &outbox) == .write)
    }

    @Test(arguments: 0...5)
    func whoComesBackGetsWhatFollowed(_ count: Int) {
        var outbox = Self.outbox()
        let frames = ["a", "b", "c", "d", "e"]
        for (index, frame) in frames.enumerated() {
            if index == 3 { outbox.detach() }
            _ = Self.append(frame, to: &outbox)
        }
        #expect(outbox.attach(after: UInt64(count)) == .whole(next: UInt64(count)))
        #expect(Self.rest(&outbox) == Array(frames[count...]))
    }

    @Test func whatIsNoLongerKeptIsAGap() {
        var outbox = Self.outbox(limits: .init(frames: 3, bytes: 100))
        outbox.detach()
        for frame in ["a", "b", "c", "d", "e"] { #expect(Self.append(frame, to: &outbox) == .hold) }
        #expect(outbox.attach(after: 1) == .gap(next: 2))
        #expect(Self.rest(&outbox) == ["c", "d", "e"])
        outbox.detach()
        #expect(outbox.attach(after: 2) == .whole(next: 2))
    }

    @Test func aCountThatWasNeverReachedIsAGap() {
        var outbox = Self.outbox()
        _ = Self.append("a", to: &outbox)
        #expect(outbox.attach(after: 2) == .gap(next: 0))
        #expect(Self.rest(&outbox) == ["a"])
    }

    @Test func bytesAreALimitToo() {
        var outbox = Self.outbox(limits: .init(frames: 100, bytes: 10))
        outbox.detach()
        for frame in ["aaaa", "bbbb", "cccc"] { _ = Self.append(frame, to: &outbox) }
        #expect(outbox.attach(after: 0) == .gap(next: 1))
        #expect(Self.rest(&outbox) == ["bbbb", "cccc"])
    }

    @Test(arguments: [true, false])
    func aSocketThatIsTooSlowIsSaidSo(_ isResumable: Bool) {
        var outbox = Self.outbox(isResumable: isResumable, limits: .init(frames: 2, bytes: 100))
        outbox.setWritable(false)
        #expect(Self.append("a", to: &outbox) == .hold)
        #expect(Self.append("b", to: &outbox) == .hold)
        #expect(Self.append("c", to: &outbox) == .overflow)
        // Once: nobody closes a socket twice.
        #expect(Self.append("d", to: &outbox) == .hold)
        #expect(outbox.attach(after: 0) == .gap(next: 2))
    }

    @Test func aFrameThatNoBufferHoldsIsWritten() {
        var outbox = Self.outbox(limits: .init(frames: 5, bytes: 3))
        outbox.setWritable(false)
        #expect(Self.append("long frame", to: &outbox) == .write)
        #expect(outbox.position == 1)
        outbox.detach()
        #expect(outbox.attach(after: 0) == .gap(next: 1))
    }

    @Test func nothingIsKeptForAClientThatCannotComeBack() {
        var outbox = Self.outbox(isResumable: false)
        for _ in 0..<100 { #expect(Self.append("a", to: &outbox) == .write) }
        outbox.setWritable(false)
        for _ in 0..<3 { _ = Self.append("b", to: &outbox) }
        outbox.setWritable(true)
        #expect(Self.rest(&outbox).count == 3)
        #expect(outbox.position == 103)
        outbox.detach()
        #expect(outbox.attach(after: 100) == .gap(next: 103))
    }

    /// Random sockets against the plainest model: the list of all frames.
    @Test(arguments: 0..<40)
    func nothingIsLostOrDoubled(_ seed: UInt64) {
        var random = Numbers(state: seed)
        let limits = Outbox.Limits(frames: 20, bytes: 3_000)
        var outbox = Self.outbox(limits: limits)
        var all: [String] = []
        var had = 0
        var isAttached = true
        for _ in 0..<3_000 {
            switch random.next() % 10 {
            case 0 where isAttached:
                outbox.detach()
                isAttached = false
            case 0, 1:
                guard !isAttached else { continue }
                // A cut loses what was on its way.
                let back = UInt64(max(0, had - Int(random.next() % 4)))
                had = Int(back)
                switch outbox.attach(after: back) {
                case .whole(let next): #expect(next == back)
                case .gap(let next):
                    #expect(next > back)
                    had = Int(next)
                }
                isAttached = true
            case 2: outbox.setWritable(random.next() % 2 == 0)
            case 3, 4:
                while let frame = outbox.next() {
                    #expect(String(decoding: frame, as: UTF8.self) == all[had])
                    had += 1
                }
            default:
                let frame = String(repeating: "x", count: Int(random.next() % 400)) + String(all.count)
                all.append(frame)
                switch Self.append(frame, to: &outbox) {
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
        #expect(outbox.position == UInt64(all.count))
    }

    private struct Numbers {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }

    private static func outbox(isResumable: Bool = true, limits: Outbox.Limits = .init()) -> Outbox {
        Outbox(isResumable: isResumable, limits: limits)
    }

    private static func append(_ frame: String, to outbox: inout Outbox) -> Outbox.Delivery {
        Array(frame.utf8).withUnsafeBytes { outbox.append($0) }
    }

    private static func rest(_ outbox: inout Outbox) -> [String] {
        var frames: [String] = []
        while let frame = outbox.next() { frames.append(String(decoding: frame, as: UTF8.self)) }
        return frames
    }
}
