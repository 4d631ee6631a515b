import JSON

/// Decodes the steps that call tools other than the shell.
enum ToolDecoder {
    static func tool(_ value: JSONValue) throws(ScriptError) -> ToolUse {
        var members = try MemberReader(value, in: "`tool`")
        let use = ToolUse(
            name: try members.requiredString("name"),
            namespace: try members.string("namespace"),
            arguments: try members.object("arguments") ?? [:],
            input: try members.string("input"))
        try members.finish()
        return use
    }

    static func writeStdin(_ value: JSONValue) throws(ScriptError) -> Action {
        var members = try MemberReader(value, in: "`writeStdin`")
        let session = try members.int("sessionId", in: 0...Int.max)
        let chars = try members.string("chars") ?? ""
        let yield = try members.int("timeoutMilliseconds", in: StepDecoder.delayRange)
        try members.finish()
        return .writeStdin(session: session.map(Int64.init), chars: chars, yieldMilliseconds: yield)
    }

    /// The arguments of `request_user_input`, or the short form for one question:
    /// `{"question":"Which?","options":["A","B"]}`.
    static func question(_ value: JSONValue) throws(ScriptError) -> ToolUse {
        var members = try MemberReader(value, in: "`question`")
        let questions: JSONValue
        if let given = members.value("questions") {
            questions = given
        } else {
            questions = [
                [
                    "id": .string(try members.string("id") ?? "answer"),
                    "header": .string(try members.string("header") ?? "Question"),
                    "question": .string(try members.requiredString("question")),
                    "options": .array(try options(members.value("options"))),
                ]
            ]
        }
        try members.finish()
        return ToolUse(name: "request_user_input", arguments: ["questions": questions])
    }

    private static func options(_ value: JSONValue?) throws(ScriptError) -> [JSONValue] {
        guard let elements = (value ?? ["Yes", "No"]).arrayValue else { throw ScriptError("`options` is not an array") }
        return elements.map { element in
            element.stringValue.map { ["label": .string($0), "description": .string($0)] } ?? element
        }
    }
}
