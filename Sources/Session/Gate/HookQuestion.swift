import JSON

/// What a hook's call means to a person.
public enum HookQuestion: Sendable, Hashable {
    /// It executes nothing and changes nothing outside the conversation: nobody is asked.
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
                // What cannot be read is shown as it is rather than guessed at.
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

    /// A patch says nothing of what stands in the files that it deletes and replaces, and where links lead.
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

    /// What is said to a sub-agent may hold pictures and sounds, which codex opens by their paths in its own process.
    private static func isOnlyWords(_ arguments: JSONValue) -> Bool {
        guard let items = arguments["items"], !items.isNull else { return true }
        guard let items = items.arrayValue else { return false }
        return items.allSatisfy { item in
            item["type"] == "text"
                && item.objectValue?.members.allSatisfy { ["type", "text"].contains($0.key) } == true
        }
    }

    /// Tools of codex that only talk: to the person, to the plan, to other agents. A tool that is not named here
    /// is asked. codex puts a tool's namespace before its name, with nothing between.
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
