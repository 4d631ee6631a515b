import Agent
import Settings
import JSON
import Glibc

/// The credentials that the agent will use. A codex sign-in takes precedence over a key, and a provider in the user's
/// codex configuration over both.
enum Credentials: CustomStringConvertible {
    case demo
    case configuredProvider
    case codexSignIn(mode: String)
    case key
    case none

    init(_ settings: Settings) {
        if settings.isDemo {
            self = .demo
        } else if Self.namesProvider("\(settings.codexHome)/config.toml") {
            self = .configuredProvider
        } else if let mode = Self.signIn(settings.codexHome) {
            self = .codexSignIn(mode: mode)
        } else {
            self = settings.openAIKey == nil ? .none : .key
        }
    }

    /// Whether the user's configuration selects a model provider at its top level. True for an unreadable file, so that
    /// no request goes to a provider other than the one that the file names.
    private static func namesProvider(_ path: String) -> Bool {
        guard let toml = ProcessEnvironment.readFile(path) else {
            return access(path, F_OK) == 0 || errno != ENOENT
        }
        for line in toml.split(whereSeparator: \.isNewline) {
            let text = line.drop(while: \.isWhitespace)
            if text.hasPrefix("[") { return false }
            let key = text.prefix { $0 != "=" && !$0.isWhitespace }
            if ["model_provider", "\"model_provider\"", "'model_provider'"].contains(key) { return true }
        }
        return false
    }

    private static func signIn(_ codexHome: String) -> String? {
        guard let text = ProcessEnvironment.readFile("\(codexHome)/auth.json"),
            let auth = try? JSONValue(parsing: text)
        else { return nil }
        if auth["tokens"]?.objectValue != nil { return "ChatGPT" }
        return auth["OPENAI_API_KEY"]?.stringValue == nil ? nil : "an API key"
    }

    var isUsable: Bool { if case .none = self { false } else { true } }

    var description: String {
        switch self {
        case .demo: "the demo model needs none"
        case .configuredProvider: "CODEX_HOME/config.toml names a model provider, which is used as it is"
        case .codexSignIn(let mode): "codex is signed in with \(mode), which is used"
        case .key: "OPENAI_API_KEY is used; codex is not signed in"
        case .none:
            "codex is not signed in. Run `sre-agent login`, set OPENAI_API_KEY, sign in on the page, or try --demo."
        }
    }

    /// Returns the provider that the server passes to codex, from the files as they are at each start of an agent, or
    /// nil to let codex choose. Not for the demo.
    static func provider(_ settings: Settings) -> @Sendable () -> ModelProvider? {
        {
            guard case .key = Credentials(settings), let key = settings.openAIKey else { return nil }
            return .openAI(key: key, baseURL: settings.openAIBaseURL)
        }
    }
}
