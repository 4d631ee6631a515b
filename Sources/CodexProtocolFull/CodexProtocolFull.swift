/// Who imports this target has all of codex's protocol.
@_exported public import CodexProtocol
