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
        } else if (["\(settings.codexHome)/config.toml"] + Self.machineFiles).contains(where: Self.fileMayNameProvider)
        {
            self = .configuredProvider
        } else if let mode = Self.signIn(settings.codexHome) {
            self = .codexSignIn(mode: mode)
        } else {
            self = settings.openAIKey == nil ? .none : .key
        }
    }

    private static let machineFiles = ["config.toml", "managed_config.toml", "requirements.toml"].map {
        "/etc/codex/\($0)"
    }

    /// Whether a configuration may select a model provider. When in doubt it may, so that no request goes to a provider
    /// other than the one that the file names: this is no TOML parser. A file that cannot be read may; so may one that has
    /// `model_provider` anywhere but in a comment, or an escape in what could be a key.
    static func mayNameProvider(inText toml: String) -> Bool {
        toml.split(whereSeparator: \.isNewline).contains { line in
            guard !line.drop(while: \.isWhitespace).hasPrefix("#") else { return false }
            if line.prefix(while: { $0 != "=" }).contains("\\") { return true }
            return line.ranges(of: "model_provider").contains { line[$0.upperBound...].first != "s" }
        }
    }

    private static func fileMayNameProvider(_ path: String) -> Bool {
        guard let toml = ProcessEnvironment.readFile(path) else {
            return access(path, F_OK) == 0 || errno != ENOENT
        }
        return mayNameProvider(inText: toml)
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
        case .configuredProvider: "codex's configuration names a model provider, which is used as it is"
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
