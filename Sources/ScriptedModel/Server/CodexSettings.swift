import JSON

/// What codex must be told to use the scripted model.
public enum CodexSettings {
    /// The environment variable in which codex finds the bearer token, so that it is in no argument list.
    public static let tokenVariable = "SCRIPTED_MODEL_TOKEN"

    /// The id of the provider, and of the model in ``modelCatalog``.
    public static let providerID = "scripted_model"
    public static let modelID = "demo"

    /// The arguments that make this provider the one that codex uses. `baseURL` is what
    /// ``ScriptedModelServer/run(onReady:)`` gave. `catalogPath` is a file with ``modelCatalog``, and the model is
    /// `demo` then; without it codex keeps its own models, and the page would name one that is not there.
    public static func arguments(baseURL: String, catalogPath: String? = nil) -> [String] {
        let members: KeyValuePairs = [
            "name": "Demo model", "base_url": baseURL, "wire_api": "responses", "env_key": tokenVariable,
        ]
        let provider = members.map { "\($0)=\(quoted($1))" }.joined(separator: ",")
        var settings = ["model_provider=\(quoted(providerID))", "model_providers.\(providerID)={\(provider)}"]
        if let catalogPath {
            settings += ["model_catalog_json=\(quoted(catalogPath))", "model=\(quoted(modelID))"]
        }
        return settings.flatMap { ["-c", $0] }
    }

    /// The list of models, as JSON in the format of codex: one, which is called a demo wherever codex names it.
    public static var modelCatalog: [UInt8] {
        let model: JSONValue = [
            "slug": .string(modelID),
            "display_name": "Demo model (scripted)",
            "description": "Answers a few questions about this machine. No AI.",
            "default_reasoning_level": nil,
            "supported_reasoning_levels": [],
            "shell_type": "unified_exec",
            "visibility": "list",
            "supported_in_api": true,
            "priority": 1,
            "base_instructions": "Demo model.",
            "supports_reasoning_summaries": false,
            "support_verbosity": false,
            "truncation_policy": ["mode": "tokens", "limit": 10_000],
            "supports_parallel_tool_calls": true,
            "context_window": 272_000,
            "experimental_supported_tools": [],
            "input_modalities": ["text"],
        ]
        let catalog: JSONValue = ["models": [model]]
        return catalog.serialized()
    }

    /// A TOML string: every JSON string without surrogate escapes is one, and ours have none.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).description }
}
