import JSON

/// What a hook's call means to a person.
public enum HookQuestion: Sendable, Hashable {
    /// Executes nothing and changes nothing outside the conversation, so it is not asked.
    case harmless
    case command(String)
    case patch([Patch.Change])

    public init(_ input: HookInput) {
        switch input.toolName {
        case "Bash":
            let command = input.toolInput["command"]?.stringValue ?? input.toolInput.description
            if let patch = Patch(inShellCommand: command), let changes = try? patch.changes() {
                self = .patch(Self.whole(changes, input))
            } else {
                self = .command(command)
            }
        case "apply_patch":
            let text = Self.patchText(of: input)
            if let changes = try? Patch(text: text).changes() {
                self = .patch(Self.whole(changes, input))
            } else {
                // Shows text that cannot be parsed as it is, without guessing.
                self = .command("apply_patch \(text)")
            }
        case let name where Self.harmlessTools.contains(name) && Self.isOnlyWords(input.toolInput):
            self = .harmless
        case let name where name.hasPrefix("mcp__"):
            let server = input.toolServer
            let tool = name.dropFirst("mcp__".count + (server.map { $0.count + "__".count } ?? 0))
            self = .command("mcp \(server.map { "\($0)." } ?? "")\(tool) \(input.toolInput)")
        case let name:
            self = .command("tool \(name) \(input.toolInput)")
        }
    }

    static func patchText(of input: HookInput) -> String {
        input.toolInput["command"]?.stringValue ?? input.toolInput["input"]?.stringValue ?? input.toolInput.description
    }

    /// Adds what a patch does not contain: the contents of files that it deletes or replaces, line numbers, and the targets
    /// of links.
    private static func whole(_ changes: [Patch.Change], _ input: HookInput) -> [Patch.Change] {
        changes.map { change in
            var change = change
            let file = input.absolutePath(change.path).flatMap { input.patchedFiles[$0] }
            let place: String
            switch change.kind {
            case .delete:
                place = change.path
                switch file?.content {
                case .text(let content): change.diff = content
                case .hidden(let hidden): change.hidden = hidden
                case nil: change.hidden = .unreadable
                }
            case .add:
                place = change.path
                change.replaced = file?.content
            case .update(let movedTo):
                place = movedTo ?? change.path
                change.places = file?.places ?? []
                if let movedTo {
                    change.replaced = input.absolutePath(movedTo).flatMap { input.patchedFiles[$0]?.content }
                }
            }
            if let path = input.absolutePath(place), let target = input.patchedFiles[path]?.target, target != path {
                change.leadsTo = target
            }
            return change
        }
    }

    /// Input for a sub-agent may include images and audio, which codex opens by path in its own process.
    private static func isOnlyWords(_ arguments: JSONValue) -> Bool {
        guard let items = arguments["items"], !items.isNull else { return true }
        guard let items = items.arrayValue else { return false }
        return items.allSatisfy { item in
            item["type"] == "text"
                && item.objectValue?.members.allSatisfy { ["type", "text"].contains($0.key) } == true
        }
    }

    /// Codex tools that only talk: to the person, to the plan, to other agents. A tool that is not listed here is
    /// asked. codex prefixes a tool's name with its namespace, without a separator.
    static let harmlessTools: Set<String> = {
        var names: Set<String> = [
            "update_plan", "request_user_input", "request_user_input_async", "tool_search", "get_goal", "create_goal",
            "update_goal", "clockcurr_time", "clocksleep",
        ]
        for namespace in AgentTool.namespaces {
            names.formUnion(AgentTool.names.map { namespace + $0 })
        }
        return names
    }()
}
