import JSON

/// The steps that a test wants the model to take, written as a JSON array after `script:` in the user's message.
///
/// The conversation alone determines the step to play, so any number of threads can be scripted at once without any
/// setup: the step's index is the number of the model's answers since the message. After the last step the model says
/// `script ended`. A step that breaks the connection, or is answered with an error, is played again when codex
/// retries.
///
/// A step has at most one action; `reasoning` and `text` may precede it. A text alone ends the turn.
///
///     {"text":"…"}  {"text":["del","tas"],"delayMilliseconds":20}  {"bytes":100000,"chunk":1024}
///     {"reasoning":"…","text":"…","command":"ls","workdir":"…","tty":true,"timeoutMilliseconds":500,
///      "escalate":true,"justification":"…"}
///     {"commands":["a",{"command":"b","tty":true}]}               at the same time
///     {"patch":"*** Begin Patch\n…","via":"heredoc"}              or "tool"
///     {"writeStdin":{"sessionId":5,"chars":"y\n","timeoutMilliseconds":500}}
///     {"question":{"question":"Which?","options":["A","B"]}}      or the arguments of request_user_input
///     {"tool":{"name":"…","namespace":"…","arguments":{…}}}       "input":"…" for a tool that takes free text
///     {"error":{"status":500,"message":"…"}}                      instead of a stream
///     {"failed":{"code":"…","message":"…"}}  {"hang":true}  {"cut":true}
struct Script: Sendable, Hashable {
    static let marker = "script:"

    let steps: [Step]

    /// The JSON after the marker; nil if the text is not a script.
    static func source(in text: String) -> Substring? {
        let trimmed = text.trimmingSpaces()
        return trimmed.hasPrefix(marker) ? trimmed.dropFirst(marker.count) : nil
    }

    /// - Throws: `ScriptError` with the step and its error.
    init(source: some StringProtocol) throws(ScriptError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: String(source))
        } catch {
            throw ScriptError("not JSON: \(error)")
        }
        guard let elements = value.arrayValue else { throw ScriptError("not an array of steps") }
        var steps: [Step] = []
        for (index, element) in elements.enumerated() {
            do throws(ScriptError) {
                steps.append(try StepDecoder.step(element))
            } catch {
                throw ScriptError("step \(index + 1): \(error.message)")
            }
        }
        self.steps = steps
    }

    /// The step for this state of the conversation.
    func step(in conversation: Conversation) -> Step {
        guard steps.indices.contains(conversation.rounds) else { return .answer("script ended") }
        var step = steps[conversation.rounds]
        if case .writeStdin(session: nil, let chars, let yield) = step.action {
            guard let session = conversation.lastSessionID else {
                return .answer("script error: step \(conversation.rounds + 1): no command is running to write to")
            }
            step.action = .writeStdin(session: session, chars: chars, yieldMilliseconds: yield)
        }
        return step
    }
}

/// An error in a script, for its author.
struct ScriptError: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}
