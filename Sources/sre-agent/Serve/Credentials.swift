import Agent
import Settings
import JSON
import Glibc

/// Which credentials the agent will use. A sign-in to codex beats a key; a provider that the user configured for
/// codex beats both.
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

    /// Does the user's configuration choose a model provider, at its top level? One that cannot be read may: nothing goes to
    /// another provider than the file names.
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
        case .key: "OPENAI_API_KEY is used; nobody is signed in to codex"
        case .none:
            "nobody is signed in. Run `sre-agent login`, set OPENAI_API_KEY, sign in on the page, or try --demo."
        }
    }

    /// The provider that the server gives to codex, as the files are at each start of an agent; nil: codex chooses.
    /// Not for the demo.
    static func provider(_ settings: Settings) -> @Sendable () -> ModelProvider? {
        {
            guard case .key = Credentials(settings), let key = settings.openAIKey else { return nil }
            return .openAI(key: key, baseURL: settings.openAIBaseURL)
        }
    }
}
