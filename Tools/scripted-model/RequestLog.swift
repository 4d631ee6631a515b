import JSON
import ScriptedModel
import Synchronization

/// Keeps the last hundred requests, with their Authorization header, so that a test can check what codex sends.
final class RequestLog: RequestObserver {
    private static let limit = 100

    private let requests = Mutex<[JSONValue]>([])

    func observe(headers: [(name: String, value: String)], body: JSONValue) {
        var members = JSONObject()
        for header in headers { members[header.name] = .string(header.value) }
        requests.withLock { requests in
            requests.append(["headers": .object(members), "body": body])
            if requests.count > Self.limit { requests.removeFirst() }
        }
    }

    func report() -> JSONValue { ["data": .array(requests.withLock { $0 })] }
}
