@testable import ConnectorState
import Testing

@Suite final class ConnectorStateTests {
    var program = Driver()

    @Test func linesWaitForTheSession() {
        #expect(program.did { $0.start() } == ["open session=new"])
        #expect(program.sends(#"{"id":1,"method":"a"}"#) == [])
        #expect(program.did { $0.opened() } == [])
        #expect(program.hears(Driver.notice("new")) == [#"send {"id":1,"method":"a"}"#, "ping 1"])
        #expect(program.hears(#"{"id":1,"result":{}}"#) == [#"write {"id":1,"result":{}}"#])
    }

    @Test func onePingAtATime() {
        program.goOnline()
        #expect(program.sends("1") == ["send 1", "ping 1"])
        #expect(program.sends("2") == ["send 2"])
        #expect(program.did { $0.ponged(1) } == ["ping 2"])
        #expect(program.did { $0.ponged(2) } == [])
    }

    @Test func afterACutOnlyWhatIsMissingIsSentAgain() {
        program.goOnline()
        for line in ["1", "2", "3"] { _ = program.sends(line) }
        _ = program.did { $0.ponged(1) }
        _ = program.hears("x")
        #expect(program.loses() == ["leave", "open session=5&after=1"])
        #expect(program.sends("4") == [])
        program.opens()
        #expect(program.hears(Driver.notice("ok", next: 1, received: 2)) == ["send 3", "send 4", "ping 4"])
        #expect(program.hears("y") == ["write y"])
    }

    @Test func cutBeforeItsFirstFrameASessionIsAskedForAgain() {
        program.goOnline()
        _ = program.loses()
        program.opens()
        #expect(program.loses() == ["leave", "open session=5&after=0 in 500"])
    }

    @Test func aSocketThatCarriesNothingIsNoReasonToHurry() {
        program.goOnline()
        for (message, delay) in [("x", ""), (nil, " in 500"), (nil, " in 1000"), ("y", "")] as [(String?, String)] {
            if let message { _ = program.hears(message) }
            #expect(program.loses().last?.hasSuffix(delay.isEmpty ? "&after=\(program.heard)" : delay) == true)
            program.opens()
            _ = program.hears(Driver.notice("ok", next: program.heard))
        }
    }

    @Test(
        arguments: [
            (Driver.notice("gap", next: 9), 75), (Driver.notice("new", id: "6"), 75),
            (Driver.notice("ok", next: 7), 76),
            (Driver.notice("ok", id: "6"), 76), (Driver.notice("ok", received: 2), 76), ("{}", 76), ("x", 76),
        ])
    func whatCannotGoOnEnds(_ notice: String, _ code: Int) {
        program.goOnline()
        _ = program.sends("1")
        _ = program.loses()
        program.opens()
        #expect(program.hears(notice) == ["leave 4000", "finish \(code)"])
    }

    @Test func aServerThatHasLostWhatItHadConfirmedIsAnother() {
        program.goOnline()
        _ = program.sends("1")
        _ = program.did { $0.ponged(1) }
        _ = program.loses()
        program.opens()
        #expect(program.hears(Driver.notice("ok", received: 0)) == ["leave 4000", "finish 76"])
    }

    @Test func whatIsNotThereAtFirstIsNotWaitedFor() {
        _ = program.did { $0.start() }
        #expect(program.loses() == ["leave 4000", "finish 69"])
    }

    @Test func aLostServerIsLookedForAndThenGivenUp() {
        program.goOnline()
        var opened = 0
        while program.loses().contains(where: { $0.hasPrefix("open") }) {
            opened += 1
            program.now += 10_000
            _ = program.did { state in
                state.opening()
                return []
            }
        }
        #expect(opened == 6, "for a minute, each attempt takes ten seconds")
        #expect(program.last == ["leave 4000", "finish 69"])
    }

    @Test func aLongLossIsSaidOnceAndItsEndToo() {
        program.goOnline()
        _ = program.loses()
        program.opens()
        program.now += 4_000
        #expect(program.loses().contains { $0.hasPrefix("say") })
        program.opens()
        #expect(!program.loses().contains { $0.hasPrefix("say") })
        program.opens()
        #expect(program.hears(Driver.notice("ok")).contains { $0.hasPrefix("say") })
    }

    @Test func itEndsWhenAllAnswersAreOutAndAllIsConfirmed() {
        program.goOnline()
        _ = program.sends(#"{"id":"a","method":"m"}"#)
        _ = program.sends(#"{"method":"n"}"#)
        #expect(program.did { $0.inputEnded() } == [])
        #expect(program.did { $0.ponged(2) } == [])
        #expect(program.hears(#"{"id":"b","result":1}"#).count == 1)
        #expect(program.hears(#"{"id":"a","error":{}}"#).dropFirst() == ["leave 4000", "finish 0"])
    }

    @Test func withoutAnyInputItSaysWhetherTheServerIsThere() {
        _ = program.did { $0.start() }
        _ = program.did { $0.inputEnded() }
        _ = program.did { $0.opened() }
        #expect(program.hears(Driver.notice("new")) == ["leave 4000", "finish 0"])
    }

    @Test func theWindowIsBounded() {
        program.goOnline()
        let line = String(repeating: "x", count: 300_000)
        for _ in 0..<3 { _ = program.sends(line) }
        #expect(program.state.wantsInput)
        _ = program.sends(line)
        #expect(!program.state.wantsInput)
        _ = program.did { $0.ponged(1) }
        #expect(program.state.wantsInput)
    }

    @Test func aSilentLineIsDeadButNotWhileNobodyReads() {
        program.goOnline()
        for _ in 0..<10 { #expect(program.did { $0.beat(isReading: false, now: 0) } == ["pong"]) }
        for _ in 0..<3 { #expect(program.did { $0.beat(isReading: true, now: 0) } == ["ping 0"]) }
        #expect(program.did { $0.beat(isReading: true, now: 0) }.first == "leave")
    }

    @Test func peopleAnswerWhereTheProgramMustNot() {
        program = Driver(peopleAnswer: true)
        program.goOnline()
        _ = program.hears(#"{"id":"q","method":"item/commandExecution/requestApproval","params":{}}"#)
        _ = program.hears(#"{"id":"t","method":"item/tool/call","params":{}}"#)
        #expect(program.sends(#"{"id":"q","result":{"decision":"accept"}}"#) == [])
        #expect(program.sends(#"{"id":"t","result":{}}"#) == [#"send {"id":"t","result":{}}"#, "ping 1"])
        #expect(program.sends(#"{"id":"q","method":"m"}"#) == [#"send {"id":"q","method":"m"}"#], "it is a request")
    }

    @Test(
        arguments: [
            (1001, 75), (1002, 76), (1003, 76), (1007, 76), (1009, 76), (4001, 75), (4003, 77), (4004, 75), (4008, nil),
            (1000, nil), (1006, nil), (1011, nil), (nil, nil),
        ] as [(UInt16?, Int?)])
    func whatAClosedSocketMeans(_ code: UInt16?, _ exit: Int?) {
        program.goOnline()
        let done = program.did { [now = program.now] in
            $0.ended(DisconnectReason(closeCode: code, reason: "So it is."), now: now, random: 0.5)
        }
        #expect(done == (exit.map { ["leave 4000", "finish \($0)"] } ?? ["leave", "open session=5&after=0"]))
    }

    @Test(arguments: [(401, 77), (403, 77), (404, 76), (400, 76), (200, 76), (301, 76), (429, 75), (503, 75)])
    func whatAnHTTPAnswerMeansAtFirst(_ status: Int, _ exit: Int) {
        _ = program.did { $0.start() }
        let done = program.did { $0.ended(DisconnectReason(httpStatus: status, words: "Why."), now: 0, random: 0) }
        #expect(done == ["leave 4000", "finish \(exit)"])
    }

    @Test func aBusyServerIsTriedAgainOnceThereWasASession() {
        program.goOnline()
        _ = program.loses()
        program.opens()
        let done = program.did { $0.ended(DisconnectReason(httpStatus: 503, words: nil), now: 0, random: 0) }
        #expect(done == ["leave", "open session=5&after=0 in 500"])
    }
}

/// Runs a connector and renders its actions as lines for comparison.
struct Driver {
    var state: ConnectorState<String>
    var now: Int64 = 0
    /// The number of server messages other than notices.
    private(set) var heard = 0
    private(set) var last: [String] = []

    init(peopleAnswer: Bool = false) {
        state = ConnectorState(name: "here", retryTime: 60_000, peopleAnswer: peopleAnswer)
    }

    static func notice(_ resume: String, id: String = "5", next: Int = 0, received: Int = 0) -> String {
        #"{"method":"sre/session","params":{"sessionId":"\#(id)","resume":"\#(resume)","next":\#(next),"received":\#(received)}}"#
    }

    mutating func did(_ body: (inout ConnectorState<String>) -> [ConnectorState<String>.Action]) -> [String] {
        last = body(&state).map { action in
            switch action {
            case .open(let query, let after): "open \(query)" + (after > 0 ? " in \(after)" : "")
            case .send(let message): "send \(message)"
            case .ping(let count): "ping \(count)"
            case .pong: "pong"
            case .write(let message): "write \(message)"
            case .say(let line): "say \(line)"
            case .leave(let code): code.map { "leave \($0)" } ?? "leave"
            case .finish(let end): "finish \(end.exitCode)"
            }
        }
        return last
    }

    mutating func sends(_ line: String) -> [String] {
        did { state in
            var line = line
            return line.withUTF8 { bytes in
                state.input(String(decoding: bytes, as: UTF8.self), UnsafeRawBufferPointer(bytes))
            }
        }
    }

    mutating func hears(_ text: String) -> [String] {
        let now = now
        if !text.contains("sre/session") { heard += 1 }
        return did { state in
            var text = text
            return text.withUTF8 { bytes in
                state.received(String(decoding: bytes, as: UTF8.self), UnsafeRawBufferPointer(bytes), now: now)
            }
        }
    }

    mutating func opens() {
        _ = did { state in
            state.opening()
            return state.opened()
        }
    }

    mutating func loses() -> [String] {
        let now = now
        return did { $0.ended(.comeBack("It broke."), now: now, random: 0) }
    }

    mutating func goOnline() {
        _ = did { $0.start() }
        opens()
        _ = hears(Self.notice("new"))
    }
}
