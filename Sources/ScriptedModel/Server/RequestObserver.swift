public import JSON

/// Receives the requests from codex, so that a test can inspect them. Not used with `--demo`.
public protocol RequestObserver: Sendable {
    /// Called for every accepted `POST /v1/responses`, before it is answered. Headers include `authorization`.
    func observe(headers: [(name: String, value: String)], body: JSONValue)

    /// The body of the response to `GET /requests`.
    func report() -> JSONValue
}
