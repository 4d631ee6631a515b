import JSON
import JSONRPC

/// The `config` of thread calls overrides codex's configuration for one thread, and takes precedence over what the
/// server starts the agent with: it could switch the gate off. So only keys from this list pass.
enum ConfigOverrides {
    /// Settings of how the model thinks and talks; none of them runs, reads, writes, connects or asks.
    static let allowed: Set<String> = [
        "model", "model_provider", "model_context_window", "model_max_output_tokens", "model_reasoning_effort",
        "model_reasoning_summary", "model_verbosity", "model_auto_compact_token_limit", "personality",
        "service_tier", "hide_agent_reasoning", "show_raw_agent_reasoning", "tool_output_token_limit",
        "developer_instructions", "instructions", "web_search",
    ]

    /// The allowed keys that neither are input for the model nor choose who answers in its place.
    static let wordless = allowed.subtracting([
        "developer_instructions", "instructions", "model_provider", "web_search",
    ])

    static func check(_ config: JSONValue?) throws(ErrorReply) -> JSONObject {
        guard let config, !config.isNull else { return JSONObject() }
        guard let object = config.objectValue else {
            throw ErrorReply(.invalidParams, "config must be an object.")
        }
        for key in object.keys where !allowed.contains(key) {
            throw ErrorReply(
                .refused,
                "config.\(key) cannot be set by a client. These can: \(allowed.sorted().joined(separator: ", ")).")
        }
        return object
    }
}
