/// The texts of the demo's answers. Every answer is marked, so that nobody mistakes it for a model's judgement.
enum DemoAnswer {
    static let mark = "**Demo model:** "

    static let capabilities =
        mark + """
            I have no answer to that: I am a script, not an AI. I look at the machine on which this server runs, \
            and I change nothing. I understand questions about these:

            - disks: “Check disk usage”, “Are we out of inodes?”
            - memory: “How much memory is free?”
            - load: “Is the load high?”
            - processes: “Which processes use the most CPU?”, “… the most memory?”
            - ports: “Which ports are listening?”
            - services: “Are there failed services?”
            - logs: “Show recent errors in the logs”
            """

    /// For a command that should run outside the sandbox but had to run inside it.
    static let limit = "\n\nThis is what the sandbox shows; I was not allowed to look outside of it."

    static func found(_ answer: String) -> String { mark + answer }

    /// `reason` is the text that codex gave the model; text written by a person is removed from it.
    static func refused(_ command: String, reason: String) -> String {
        mark + "\(Markdown.code(command)) was not run: \(explanation(reason)). I do not try again by myself."
    }

    static func failed(_ command: String, exitCode: Int64?, output: String) -> String {
        if let tool = missingTool(in: output) {
            return mark + "\(Markdown.code(tool)) is not installed on this machine, so I cannot answer that."
        }
        let ending = exitCode.map { $0 == 0 ? "wrote something that I cannot read" : "failed with exit code \($0)" }
        let excerpt = output.trimmingSpaces().isEmpty ? "It wrote nothing." : Markdown.block(output, last: 10)
        return mark + "\(Markdown.code(command)) \(ending ?? "gave no result").\n\n\(excerpt)"
    }

    static func endless(_ command: String) -> String {
        mark + "\(Markdown.code(command)) is still running after several minutes. I no longer wait for it."
    }

    /// The summary that codex requests to replace a long conversation.
    static let summary = mark + "the conversation so far was shortened. Ask again what you still need to know."

    private static func explanation(_ reason: String) -> String {
        let hook = "Command blocked by PreToolUse hook: "
        if reason.hasPrefix(hook) {
            let rest = reason.dropFirst(hook.count)
            let end = rest.firstRange(of: ". Command: ")?.lowerBound ?? rest.endIndex
            return Markdown.code(rest[..<end])
        }
        if reason.contains("rejected by user") { return "it was declined" }
        if reason.contains("aborted by user") { return "it was interrupted" }
        return Markdown.code(reason)
    }

    /// `bash: line 1: ss: command not found`, or `sh: 1: ss: not found`.
    private static func missingTool(in output: String) -> String? {
        for line in output.lines {
            let fields = line.split(separator: ": ")
            guard let last = fields.last, last == "command not found" || last == "not found", fields.count > 2 else {
                continue
            }
            return String(fields[fields.count - 2])
        }
        return nil
    }
}
