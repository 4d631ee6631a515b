import JSON

/// What a test wants the model to do, step by step, written into the message of the person after `script:` as a
/// JSON array.
///
/// The step to play follows from the conversation alone, so that any number of threads can be scripted at once
/// with nothing to set up: the model is at the step whose number is the number of its answers since the message.
/// After the last step it says `script ended`. A step that breaks the connection, or is answered with an error,
/// is played again when codex tries again.
///
/// A step has at most one action; `reasoning` and `text` may go before it. A text alone ends the turn.
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

    /// The JSON after the marker; nil when the text is no script.
    static func source(in text: String) -> Substring? {
        let trimmed = text.trimmingSpaces()
        return trimmed.hasPrefix(marker) ? trimmed.dropFirst(marker.count) : nil
    }

    /// - Throws: `ScriptError` naming the step and what is wrong with it.
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

    /// The step for this point of the conversation.
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

/// What is wrong with a script, for the person who wrote it.
struct ScriptError: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}
