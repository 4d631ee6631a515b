public import JSON

/// Sees what codex sends, so that a test can look at it. Not used with `--demo`.
public protocol RequestObserver: Sendable {
    /// Called for every accepted `POST /v1/responses`, before it is answered. Headers include `authorization`.
    func observe(headers: [(name: String, value: String)], body: JSONValue)

    /// The body with which `GET /requests` is answered.
    func report() -> JSONValue
}
