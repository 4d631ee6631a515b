import JSON

/// Encodes the model's action as the output items that codex expects for the shape of the request.
struct ToolCallItems {
    let shape: ToolShape
    let tools: ToolCatalogue
    let ids: ResponseIDs

    /// Empty for an action without a call.
    func items(for action: Action) -> [JSONValue] {
        switch action {
        case .commands(let commands):
            nested(commands.map { ("exec_command", Self.arguments(of: $0)) })
        case .patch(let patch, .heredoc):
            nested([("exec_command", Self.arguments(of: Command(command: Self.heredoc(patch))))])
        case .patch(let patch, .tool):
            self.patch(patch)
        case .writeStdin(let session, let chars, let yield):
            nested([("write_stdin", Self.arguments(session: session ?? 0, chars: chars, yield: yield))])
        case .tool(let use):
            tool(use)
        case .wait(let cell):
            [
                function(
                    "wait", namespace: tools.entry(name: "wait")?.namespace,
                    ["cell_id": .string(cell), "yield_time_ms": 30_000], callID: ids.poll)
            ]
        case .none, .refuse, .fail, .hang, .cut: []
        }
    }

    /// Calls of tools that code mode offers only inside JavaScript.
    private func nested(_ calls: [(tool: String, argument: JSONValue)]) -> [JSONValue] {
        switch shape {
        case .functionCalls:
            return calls.enumerated().map { index, call in
                function(call.tool, namespace: nil, call.argument, callID: ids.call(index))
            }
        case .codeMode:
            let only = calls.count == 1 ? calls.first : nil
            return [exec(only.map { JavaScript.call($0.tool, $0.argument) } ?? JavaScript.parallel(calls))]
        }
    }

    private func patch(_ patch: String) -> [JSONValue] {
        switch shape {
        case .codeMode: [exec(JavaScript.call("apply_patch", .string(patch)))]
        case .functionCalls: [custom("apply_patch", namespace: nil, input: patch)]
        }
    }

    private func tool(_ use: ToolUse) -> [JSONValue] {
        let arguments = JSONValue.object(use.arguments)
        if let entry = tools.entry(name: use.name, namespace: use.namespace) {
            return entry.isCustom
                ? [custom(entry.name, namespace: entry.namespace, input: use.input ?? arguments.description)]
                : [function(entry.name, namespace: entry.namespace, arguments, callID: ids.call(0))]
        }
        switch shape {
        case .functionCalls:
            return [function(use.name, namespace: use.namespace, arguments, callID: ids.call(0))]
        case .codeMode:
            let argument = use.input.map(JSONValue.string) ?? arguments
            return [exec(JavaScript.call(JavaScript.name(of: use.name, namespace: use.namespace), argument))]
        }
    }

    private func exec(_ program: String) -> JSONValue {
        custom("exec", namespace: tools.entry(name: "exec")?.namespace ?? "functions", input: program)
    }

    private func custom(_ name: String, namespace: String?, input: String) -> JSONValue {
        var item: JSONValue = ["type": "custom_tool_call", "status": "completed", "call_id": .string(ids.call(0))]
        item["name"] = .string(name)
        item["namespace"] = namespace.map(JSONValue.string)
        item["input"] = .string(input)
        return item
    }

    private func function(_ name: String, namespace: String?, _ arguments: JSONValue, callID: String) -> JSONValue {
        var item: JSONValue = ["type": "function_call", "status": "completed", "call_id": .string(callID)]
        item["name"] = .string(name)
        item["namespace"] = namespace.map(JSONValue.string)
        item["arguments"] = .string(arguments.description)
        return item
    }
}
