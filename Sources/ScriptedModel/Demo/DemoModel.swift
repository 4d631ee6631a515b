/// The demo's model: recognises a question, runs the matching command, and answers from its real output.
enum DemoModel {
    /// Number of polls, 30 s apart, after which the demo stops waiting for a command and says so.
    private static let pollLimit = 10

    static func step(for request: ResponsesRequest) -> Step {
        let conversation = request.conversation
        guard let topic = conversation.userText.flatMap(DemoQuestion.topic(of:)) else {
            return .answer(DemoAnswer.capabilities)
        }
        let escalates = request.permissions.isSandboxed && request.permissions.mayEscalate && topic.escalation != nil
        guard conversation.rounds > 0 else { return command(for: topic, escalates: escalates) }
        if let session = conversation.outputs.last?.sessionID {
            guard conversation.rounds <= pollLimit else { return .answer(DemoAnswer.endless(topic.command)) }
            return Step(action: .writeStdin(session: session, chars: "", yieldMilliseconds: 30_000))
        }
        let isLimited = topic.escalation != nil && request.permissions.isSandboxed && !escalates
        return .answer(answer(for: topic, from: conversation.outputs.flatMap(\.parts), isLimited: isLimited))
    }

    private static func command(for topic: DemoTopic, escalates: Bool) -> Step {
        var command = Command(command: topic.command)
        command.escalate = escalates
        command.justification = escalates ? topic.escalation : nil
        return Step(action: .commands([command]))
    }

    private static func answer(for topic: DemoTopic, from parts: [ToolOutput.Part], isLimited: Bool) -> String {
        var output = ""
        var exitCode: Int64?
        for part in parts {
            switch part {
            case .text(let reason): return DemoAnswer.refused(topic.command, reason: reason)
            case .command(let more):
                output += more.text
                exitCode = more.exitCode
            }
        }
        let answer =
            topic.answer(from: output).map(DemoAnswer.found)
            ?? DemoAnswer.failed(topic.command, exitCode: exitCode, output: output)
        return isLimited ? answer + DemoAnswer.limit : answer
    }
}
