import Testing

@testable import ScriptedModel

@Suite("Which question is meant")
struct DemoQuestionTests {
    @Test(
        arguments: [
            ("Check disk usage on localhost", .disk), ("Which file system is the fullest?", .disk), ("df -h", .disk),
            ("How much free disk space is left?", .disk), ("is / full?", .disk),
            ("Are we out of inodes on the disk?", .inodes),
            ("how much memory is free", .memory), ("RAM?", .memory), ("are we swapping", .memory), ("OOM?", .memory),
            ("Is the load high?", .load), ("CPU load", .load), ("uptime", .load), ("why is it so slow", .load),
            ("Which processes use the most CPU?", .processes), ("top", .processes),
            ("what is eating the cpu", .processes),
            ("Which process uses the most memory?", .processesByMemory), ("Which ports are listening?", .ports),
            ("open sockets", .ports), ("Are there failed services?", .services), ("failed systemd units", .services),
            ("Show recent errors in the logs", .logs), ("any disk errors in the journal?", .logs),
            ("what failed?", .services),
            ("errors", .logs),
        ] as [(String, DemoTopic)])
    func `recognised`(question: String, topic: DemoTopic) {
        #expect(DemoQuestion.topic(of: question) == topic)
    }

    @Test(arguments: [
        "", "hello", "What can you do?", "Write me a poem", "restart nginx", "Delete old logs",
        "please clean up the disk",
        "kill the process with the most memory", "\u{0}\u{2028}```", "diskette",
    ])
    func `not recognised, or not for a demo that only looks`(question: String) {
        #expect(DemoQuestion.topic(of: question) == nil)
    }

    @Test(arguments: DemoTopic.allCases)
    func `every command is one plain line that changes nothing`(topic: DemoTopic) {
        #expect(!topic.command.contains { "\n;`$>".contains($0) })
        #expect(!topic.command.contains("sudo"))
    }
}
