import JSON

/// Decodes `command` with its related members, and `commands`.
enum CommandDecoder {
    static func command(_ members: inout MemberReader) throws(ScriptError) -> Command {
        Command(
            command: try members.requiredString("command"),
            workdir: try members.string("workdir"),
            escalate: try members.flag("escalate"),
            justification: try members.string("justification"),
            yieldMilliseconds: try members.int("timeoutMilliseconds", in: StepDecoder.delayRange),
            tty: try members.flag("tty"))
    }

    static func commands(_ value: JSONValue) throws(ScriptError) -> [Command] {
        guard let elements = value.arrayValue, !elements.isEmpty else {
            throw ScriptError("`commands` is not an array with at least one command")
        }
        var commands: [Command] = []
        for element in elements {
            if let text = element.stringValue {
                commands.append(Command(command: text))
            } else {
                var members = try MemberReader(element, in: "one of `commands`")
                commands.append(try command(&members))
                try members.finish()
            }
        }
        return commands
    }
}
