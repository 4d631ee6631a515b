import JSON
import JSONRPC
@testable import Session
import Testing

/// `config` of thread calls overrides the agent's command line, so only few keys pass.
@Suite struct ConfigOverridesTests {
    @Test(arguments: [
        "model", "model_provider", "model_context_window", "model_max_output_tokens", "model_reasoning_effort",
        "model_reasoning_summary", "model_verbosity", "model_auto_compact_token_limit", "personality", "service_tier",
        "hide_agent_reasoning", "show_raw_agent_reasoning", "tool_output_token_limit", "developer_instructions",
        "instructions", "web_search",
    ])
    func howTheModelThinksMayBeSaid(_ key: String) throws {
        let value: JSONValue = ["x": 1]
        let config = try ConfigOverrides.check(.object(JSONObject([(key, value)])))
        #expect(config.keys == [key])
        #expect(config[key] == value)
    }

    @Test(arguments: [
        "features.hooks", "features", "hooks", "hooks.state", "hooks.PreToolUse", "default_permissions", "permissions",
        "permissions.sre-read-only", "projects", "mcp_servers", "mcp_servers.x", "approval_policy",
        "approvals_reviewer",
        "sandbox_mode", "sandbox_workspace_write", "sandbox_permissions", "shell_environment_policy", "notify",
        "model_providers", "model_providers.x", "profile", "profiles", "model_instructions_file",
        "experimental_instructions_file",
        "tools", "tools.web_search", "plugins", "apps", "history", "otel", "log_dir", "chatgpt_base_url", "zsh_path",
        "project_doc_max_bytes", "project_root_markers", "", " model", "model ", "Model", "model.x", "model\u{0}",
    ])
    func everythingElseIsRefusedByName(_ key: String) {
        let config = JSONValue.object(JSONObject([("model", "m"), (key, .null)]))
        let error = refusal { () throws(ErrorReply) in try ConfigOverrides.check(config) }
        #expect(error?.code == .refused)
        #expect(error?.message.hasPrefix("config.\(key) cannot be set") == true)
    }

    @Test func nothingSaidIsNothing() throws {
        #expect(try ConfigOverrides.check(nil).isEmpty)
        #expect(try ConfigOverrides.check(.null).isEmpty)
        #expect(try ConfigOverrides.check([:]).isEmpty)
    }

    @Test(arguments: ["features.hooks=false", [], ["model"], 1, true] as [JSONValue])
    func configIsAnObject(_ config: JSONValue) {
        #expect(refusal { () throws(ErrorReply) in try ConfigOverrides.check(config) }?.code == .invalidParams)
    }
}
