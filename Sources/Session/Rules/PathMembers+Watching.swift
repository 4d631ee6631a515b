extension PathMembers {
    /// Members of methods that viewers may call.
    static let watching: Rows = [
        // Kept for the connection, and passed to MCP servers by name.
        "initialize": ["capabilities.extensions{}": .open],
        "hooks/list": ["cwds[]": .directory],
        "permissionProfile/list": ["cwd": .directory],
        "plugin/installed": ["cwds[]": .directory],
        "plugin/list": ["cwds[]": .directory],
        // codex reads the file, and quotes it in errors.
        "plugin/read": ["marketplacePath": .skill],
        "skills/list": ["cwds[]": .directory],
        "thread/list": ["cwd": .filter, "cwd[]": .filter],
        "thread/resume": reopening.merging(history) { $1 },
    ]

    /// Members that all calls that open a thread have in common.
    static let opening: [String: Kind] = [
        "cwd": .settled, "config{}": .settled, "permissions": .refused, "runtimeWorkspaceRoots[]": .writableRoot,
    ]

    /// Members of the calls that reopen an existing thread. Their `path` opens any file as a thread's history: for
    /// admins only.
    static let reopening: [String: Kind] = opening.merging(["path": .refused]) { $1 }

    /// A thread history supplied by the client, which viewers may not send. codex fetches no URL in it and opens no
    /// file: they go to the model unchanged.
    private static let history: [String: Kind] = [
        "history[]<additional_tools>.tools[]": .open,
        "history[]<message>.content[]<input_image>.image_url": .label,
        "history[]<message>.content[]<input_image>.file_id": .label,
        "history[]<message>.content[]<input_audio>.audio_url": .label,
        "history[]<message>.content[]<output_text>.annotations[]": .open,
        "history[]<message>.content[]<output_text>.logprobs[]": .open,
        "history[]<local_shell_call>.action<exec>.working_directory": .label,
        "history[]<tool_search_call>.arguments": .open,
        "history[]<function_call_output>.output[]<input_image>.image_url": .label,
        "history[]<function_call_output>.output[]<input_image>.file_id": .label,
        "history[]<function_call_output>.output[]<input_audio>.audio_url": .label,
        "history[]<custom_tool_call_output>.output[]<input_image>.image_url": .label,
        "history[]<custom_tool_call_output>.output[]<input_image>.file_id": .label,
        "history[]<custom_tool_call_output>.output[]<input_audio>.audio_url": .label,
        "history[]<tool_search_output>.tools[]": .open,
        "history[]<web_search_call>.action<open_page>.url": .label,
        "history[]<web_search_call>.action<find_in_page>.url": .label,
    ]
}
