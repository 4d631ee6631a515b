extension PathMembers {
    /// Members of methods that operators may call.
    static let working: Rows = [
        "review/start": ["target<baseBranch>.branch": .revision, "target<commit>.sha": .revision],
        "thread/attachment/add": ["payload": .open],
        "thread/fork": reopening,
        "thread/inject_items": ["items[]": .open],
        "thread/metadata/update": ["gitInfo.branch": .label, "gitInfo.originUrl": .label, "gitInfo.sha": .label],
        "thread/queue/add": input,
        "thread/queue/update": input,
        "thread/settings/update": settings,
        "thread/start": opening.merging(start) { $1 },
        "threadSection/create": ["appearance.icon": .label],
        "threadSection/update": ["appearance.icon": .label],
        "turn/start": input.merging(settings) { $1 }.merging(turn) { $1 },
        "turn/steer": input,
    ]

    /// A person's input. codex itself reads local images and audio, including those in a queue, which it also returns
    /// to clients; URLs from other clients go to the model unchanged.
    private static let input: [String: Kind] = [
        "input[]<image>.url": .label,
        "input[]<image>.fileId": .label,
        "input[]<localImage>.path": .file,
        "input[]<audio>.url": .label,
        "input[]<localAudio>.path": .file,
        "input[]<skill>.path": .skill,
        "input[]<mention>.path": .label,
    ]

    /// Members that change how a thread works.
    private static let settings: [String: Kind] = [
        "cwd": .settled, "permissions": .refused, "sandboxPolicy<workspaceWrite>.writableRoots[]": .refused,
    ]

    private static let start: [String: Kind] = [
        // Schemas of the client's own tools, for the model to read.
        "dynamicTools[]<function>.inputSchema": .open,
        "dynamicTools[]<namespace>.tools[]<function>.inputSchema": .open,
        "selectedCapabilityRoots[].location<environment>.path": .refused,
    ].merging(environments) { $1 }

    private static let turn: [String: Kind] = [
        "outputSchema": .open,
        // A turn's id, although its name looks like a path.
        "rootTurnId": .label,
        "runtimeWorkspaceRoots[]": .writableRoot,
        "toolOutput.output[]<input_image>.image_url": .label,
        "toolOutput.output[]<input_image>.file_id": .label,
        "toolOutput.output[]<input_audio>.audio_url": .label,
    ].merging(environments) { $1 }

    private static let environments: [String: Kind] = [
        "environments[].cwd": .refused, "environments[].runtimeWorkspaceRoots[]": .refused,
    ]
}
