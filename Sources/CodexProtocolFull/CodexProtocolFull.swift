/// Importing this target imports all of codex's protocol.
@_exported public import CodexProtocol
