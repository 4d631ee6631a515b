import JSON

/// Decodes one step of a script. Written by hand to give script authors useful error messages.
enum StepDecoder {
    /// Allowed delays in a step: at most ten minutes, the longest that a test may wait for a step.
    static let delayRange = 0...600_000
    /// Allowed sizes of a filler text: at most 64 MiB.
    static let byteRange = 1...67_108_864

    static func step(_ value: JSONValue) throws(ScriptError) -> Step {
        var members = try MemberReader(value, in: "the step")
        var step = Step()
        step.reasoning = try members.string("reasoning")
        step.text = try text(&members)
        step.delayMilliseconds = try members.int("delayMilliseconds", in: delayRange) ?? 0
        step.action = try action(&members)
        try members.finish()
        guard step.reasoning != nil || step.text != nil || step.action != .none else {
            throw ScriptError("the step does nothing")
        }
        if case .refuse = step.action, step.reasoning != nil || step.text != nil {
            throw ScriptError("`error` is the whole answer and goes with no text or reasoning")
        }
        return step
    }

    private static func text(_ members: inout MemberReader) throws(ScriptError) -> StepText? {
        let bytes = try members.int("bytes", in: byteRange)
        let chunk = try members.int("chunk", in: 1...1_048_576)
        let text = members.value("text")
        if let bytes {
            guard text == nil else { throw ScriptError("`text` and `bytes` exclude each other") }
            return .filler(bytes: bytes, chunk: chunk ?? 1024)
        }
        guard chunk == nil else { throw ScriptError("`chunk` goes with `bytes` only") }
        switch text {
        case nil: return nil
        case .string(let text)?: return .pieces([text])
        case .array(let elements)?:
            let pieces = elements.compactMap(\.stringValue)
            guard pieces.count == elements.count else { throw ScriptError("`text` has a piece that is not a string") }
            return .pieces(pieces)
        default: throw ScriptError("`text` is neither a string nor an array of strings")
        }
    }

    private static func action(_ members: inout MemberReader) throws(ScriptError) -> Action {
        var actions: [Action] = []
        if members.has("command") { actions.append(.commands([try CommandDecoder.command(&members)])) }
        if let value = members.value("commands") { actions.append(.commands(try CommandDecoder.commands(value))) }
        if let patch = try members.string("patch") { actions.append(.patch(patch, try route(&members))) }
        if let value = members.value("writeStdin") { actions.append(try ToolDecoder.writeStdin(value)) }
        if let value = members.value("question") { actions.append(.tool(try ToolDecoder.question(value))) }
        if let value = members.value("tool") { actions.append(.tool(try ToolDecoder.tool(value))) }
        if let value = members.value("error") { actions.append(try refusal(value)) }
        if let value = members.value("failed") { actions.append(try failure(value)) }
        if try members.flag("hang") { actions.append(.hang) }
        if try members.flag("cut") { actions.append(.cut) }
        guard actions.count <= 1 else { throw ScriptError("the step does more than one thing") }
        return actions.first ?? .none
    }

    private static func route(_ members: inout MemberReader) throws(ScriptError) -> PatchRoute {
        guard let via = try members.string("via") else { return .heredoc }
        guard let route = PatchRoute(rawValue: via) else { throw ScriptError("`via` is neither heredoc nor tool") }
        return route
    }

    private static func refusal(_ value: JSONValue) throws(ScriptError) -> Action {
        var members = try MemberReader(value, in: "`error`")
        let status = try members.int("status", in: 400...599) ?? 500
        let message = try members.string("message") ?? "scripted error"
        try members.finish()
        return .refuse(status: status, message: message)
    }

    private static func failure(_ value: JSONValue) throws(ScriptError) -> Action {
        var members = try MemberReader(value, in: "`failed`")
        let code = try members.string("code") ?? "server_error"
        let message = try members.string("message") ?? "scripted failure"
        try members.finish()
        return .fail(code: code, message: message)
    }
}
