import Testing

@testable import ExecGate

struct StartedProgramsTests {
    @Test func programsAreCountedAndTheFirstNamed() {
        var started = StartedPrograms()
        var asked = 0
        for number in 0..<1_000 {
            started.count(thread: "t", call: "c") {
                asked += 1
                return "/bin/\(number % 3)"
            }
        }
        #expect(asked == StartedPrograms.lookedAt)
        #expect(started.take(thread: "t", call: "other") == nil)
        let tally = started.take(thread: "t", call: "c")
        #expect(tally?.count == 1_000 && tally?.names == ["/bin/0", "/bin/1", "/bin/2"])
        #expect(started.take(thread: "t", call: "c") == nil)
    }

    @Test func atMostFiftyNames() {
        var started = StartedPrograms()
        for number in 0..<100 { started.count(thread: "t", call: "c") { "\(number)" } }
        #expect(started.take(thread: "t", call: "c")?.names.count == StartedPrograms.nameLimit)
    }
}
