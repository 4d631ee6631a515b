import Testing

@testable import ExecGrants

struct StartedProgramsTests {
    @Test func programsAreCountedAndTheFirstNamed() {
        var started = StartedPrograms()
        var asked = 0
        for number in 0..<1_000 {
            guard started.count(thread: "t", call: "c") else { continue }
            asked += 1
            started.add(name: "/bin/\(number % 3)", thread: "t", call: "c")
        }
        #expect(asked == StartedPrograms.lookedAt)
        #expect(started.take(thread: "t", call: "other") == nil)
        let tally = started.take(thread: "t", call: "c")
        #expect(tally?.count == 1_000 && tally?.names == ["/bin/0", "/bin/1", "/bin/2"])
        #expect(started.take(thread: "t", call: "c") == nil)
    }

    @Test func atMostFiftyNames() {
        var started = StartedPrograms()
        for number in 0..<100 {
            // Readers may lag some names behind.
            #expect(started.count(thread: "t", call: "c") == (number < StartedPrograms.nameLimit))
            started.add(name: "\(number)", thread: "t", call: "c")
        }
        #expect(started.take(thread: "t", call: "c")?.names.count == StartedPrograms.nameLimit)
    }
}
