import JSON

/// The settings that make codex use the scripted model.
public enum CodexSettings {
    /// The environment variable that passes the bearer token to codex, so that it is not in an argument list.
    public static let tokenVariable = "SCRIPTED_MODEL_TOKEN"

    /// The id of the provider, and of the model in ``modelCatalog``.
    public static let providerID = "scripted_model"
    public static let modelID = "demo"

    /// The arguments that select this provider. `baseURL` is the URL from ``ScriptedModelServer/run(onReady:)``.
    /// `catalogPath` is a file with ``modelCatalog``, and the model is then `demo`. Without it codex keeps its own
    /// models, and the page would name a model that does not exist here.
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

    /// The list of models, as JSON in codex's format: a single model, which codex shows as a demo everywhere.
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

    /// A TOML string: every JSON string without surrogate escapes is valid TOML, and ours have none.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).description }
}
