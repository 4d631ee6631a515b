import JSON
import Testing

@testable import ScriptedModel

/// Tells a test when a request has arrived.
private final class Arrivals: RequestObserver {
    let stream: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() { (stream, signal) = AsyncStream.makeStream(of: Void.self) }

    func observe(headers: [(name: String, value: String)], body: JSONValue) { signal.yield() }
    func report() -> JSONValue { nil }
}

@Suite("The server on a real socket", .timeLimit(.minutes(1)))
struct ScriptedModelServerTests {
    private func post(_ body: JSONValue, token: String?, path: String = "/v1/responses") -> String {
        let text = body.description
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(authorization)"
            + "Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
    }

    private func client(_ baseURL: String) throws -> LoopbackClient {
        let prefix = "http://127.0.0.1:"
        #expect(baseURL.hasPrefix(prefix) && baseURL.hasSuffix("/v1"))
        return LoopbackClient(port: try #require(UInt16(baseURL.dropFirst(prefix.count).dropLast("/v1".count))))
    }

    private func body(_ text: String) -> JSONValue { ["input": .array([Requests.message("user", text)]), "tools": []] }

    @Test func `streams the events of a step`() async throws {
        let model = ScriptedModelServer(mode: .scripts)
        try await model.withRunning { baseURL in
            let request = post(body(#"script:[{"text":["del","tas"],"delayMilliseconds":5}]"#), token: model.token)
            let answer = try await client(baseURL).exchange(request)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-type: text/event-stream\r\n"))
            let events = [
                "response.created", "output_item.added", "\"del\"", "\"tas\"", "output_item.done", "response.completed",
            ]
            let places = events.compactMap { answer.firstRange(of: $0)?.lowerBound }
            #expect(places.count == events.count)
            #expect(places == places.sorted())
            #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
        }
    }

    @Test func `nothing without the token, which is new each time`() async throws {
        let model = ScriptedModelServer(mode: .demo)
        #expect(model.token.utf8.count == 64)
        #expect(model.token != ScriptedModelServer(mode: .demo).token)
        try await model.withRunning { baseURL in
            let client = try client(baseURL)
            for token in [nil, "", "wrong", model.token + "x", String(model.token.dropLast())] {
                #expect(try await client.exchange(post(body("disk"), token: token)).hasPrefix("HTTP/1.1 401 "))
            }
            #expect(try await client.exchange(post(body("disk"), token: model.token)).contains("df -hP"))
        }
    }

    @Test func `errors have the status that the script asks for`() async throws {
        let model = ScriptedModelServer(mode: .scripts)
        try await model.withRunning { baseURL in
            let client = try client(baseURL)
            let scripted = body(#"script:[{"error":{"status":503,"message":"busy"}}]"#)
            let answer = try await client.exchange(post(scripted, token: model.token))
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains(#"{"error":{"message":"busy""#))
            #expect(try await client.exchange(post([], token: model.token)).hasPrefix("HTTP/1.1 400 "))
            #expect(try await client.exchange(post([], token: model.token, path: "/v1/x")).hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test func `a cut breaks off without an end`() async throws {
        let model = ScriptedModelServer(mode: .scripts)
        try await model.withRunning { baseURL in
            let answer = try await client(baseURL).exchange(
                post(body(#"script:[{"text":"half","cut":true}]"#), token: model.token))
            #expect(answer.contains("\"half\""))
            #expect(!answer.contains("response.completed"))
            #expect(!answer.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `a hang ends when the client goes or the server stops`() async throws {
        let observer = Arrivals()
        let model = ScriptedModelServer(mode: .scripts, observer: observer)
        let request = post(body(#"script:[{"text":"x","hang":true}]"#), token: model.token)
        let rest = try await model.withRunning { baseURL in
            let client = try client(baseURL)
            #expect(try await client.exchange(request, until: "\"x\"").contains("\"x\""))
            let rest = Task { try await client.exchange(request) }
            var arrivals = observer.stream.makeAsyncIterator()
            for _ in 0..<2 { await arrivals.next() }
            return rest
        }
        // The server has stopped, so it must have cut the second hang, which no client had given up.
        #expect(try await !rest.value.contains("response.completed"))
    }

    @Test func `a port that is taken is an error`() async throws {
        try await ScriptedModelServer(mode: .demo).withRunning { baseURL in
            let second = ScriptedModelServer(mode: .demo, port: Int(try client(baseURL).port))
            await #expect(throws: (any Error).self) { try await second.withRunning { _ in } }
        }
    }

    @Test func `an observer sees what was sent`() async throws {
        final class Observer: RequestObserver {
            func observe(headers: [(name: String, value: String)], body: JSONValue) {
                #expect(headers.contains { $0.name == "authorization" && $0.value.hasPrefix("Bearer ") })
                #expect(body["tools"] == [])
            }
            func report() -> JSONValue { ["data": []] }
        }
        let model = ScriptedModelServer(mode: .scripts, observer: Observer())
        try await model.withRunning { baseURL in
            let client = try client(baseURL)
            _ = try await client.exchange(post(body("script:[]"), token: model.token))
            let get =
                "GET /requests HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(model.token)\r\n\r\n"
            #expect(try await client.exchange(get).hasSuffix(#"{"data":[]}"#))
        }
    }

    @Test func `the settings for codex carry no token`() {
        let settings = CodexSettings.arguments(baseURL: "http://127.0.0.1:1/v1", catalogPath: #"/a "b"\c"#)
        #expect(
            settings.filter { $0 != "-c" } == [
                #"model_provider="scripted_model""#,
                #"model_providers.scripted_model={name="Demo model",base_url="http://127.0.0.1:1/v1","#
                    + #"wire_api="responses",env_key="SCRIPTED_MODEL_TOKEN"}"#,
                #"model_catalog_json="/a \"b\"\\c""#, #"model="demo""#,
            ])
        #expect(throws: Never.self) { try JSONValue(parsing: CodexSettings.modelCatalog) }
    }
}
