import JSON

/// One answer of the model: its reasoning, its text, and its action.
struct Step: Sendable, Hashable {
    /// codex shows it as the summary of the model's reasoning.
    var reasoning: String?
    var text: StepText?
    /// Milliseconds before each piece of the text; before the action if there is no text.
    var delayMilliseconds = 0
    var action = Action.none

    init(reasoning: String? = nil, text: StepText? = nil, delayMilliseconds: Int = 0, action: Action = .none) {
        self.reasoning = reasoning
        self.text = text
        self.delayMilliseconds = delayMilliseconds
        self.action = action
    }

    /// An answer that ends the turn.
    static func answer(_ text: String) -> Step { Step(text: .pieces([text])) }
}

/// The model's action after its text.
enum Action: Sendable, Hashable {
    /// Nothing: the turn ends.
    case none
    /// Several commands run at the same time.
    case commands([Command])
    case patch(String, PatchRoute)
    /// Without a session: the last started command that is still running.
    case writeStdin(session: Int64?, chars: String, yieldMilliseconds: Int?)
    case tool(ToolUse)
    /// Waits for JavaScript that is still running. The model chooses it itself; it never counts as a step.
    case wait(cell: String)
    /// The request is answered with an HTTP error.
    case refuse(status: Int, message: String)
    /// The stream ends with `response.failed`.
    case fail(code: String, message: String)
    /// The stream stays open without further events.
    case hang
    /// The connection is closed in the middle of the stream.
    case cut
}

struct Command: Sendable, Hashable {
    var command: String
    var workdir: String?
    /// Asks to run outside the sandbox.
    var escalate = false
    /// The question shown to the person for an escalation.
    var justification: String?
    /// How long codex waits for the command to end before it reports the output so far; codex's default is 10 s.
    var yieldMilliseconds: Int?
    var tty = false
}

/// The two ways in which models send a patch.
enum PatchRoute: String, Sendable, Hashable {
    /// `apply_patch <<'EOF'` as a command, which codex recognises.
    case heredoc
    /// The tool `apply_patch`. codex does not offer it to unknown models in the classic shape.
    case tool
}

struct ToolUse: Sendable, Hashable {
    var name: String
    var namespace: String?
    var arguments: JSONObject = [:]
    /// For a tool that takes free text; `exec` in code mode takes JavaScript.
    var input: String?
}

/// A text, in the pieces in which it is streamed.
enum StepText: Sendable, Hashable {
    case pieces([String])
    /// `bytes` bytes of ASCII, `chunk` at a time, generated lazily to avoid holding the whole text in memory.
    case filler(bytes: Int, chunk: Int)

    var count: Int {
        switch self {
        case .pieces(let pieces): pieces.count
        case .filler(let bytes, let chunk): (bytes + chunk - 1) / chunk
        }
    }

    var byteCount: Int {
        switch self {
        case .pieces(let pieces): pieces.reduce(0) { $0 + $1.utf8.count }
        case .filler(let bytes, _): bytes
        }
    }

    subscript(index: Int) -> String {
        switch self {
        case .pieces(let pieces): pieces[index]
        case .filler(let bytes, let chunk): String(repeating: "x", count: min(chunk, bytes - index * chunk))
        }
    }

    var whole: String {
        switch self {
        case .pieces(let pieces): pieces.joined()
        case .filler(let bytes, _): String(repeating: "x", count: bytes)
        }
    }
}
