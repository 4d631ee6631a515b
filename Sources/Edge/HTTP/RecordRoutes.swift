import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import Session

/// The record: its rows, and the history of one thread.
struct RecordRoutes {
    let edge: EdgeContext

    func add(to router: Router<EdgeRequestContext>) {
        router.get("/api/v1/sre/audit") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            let parameters = request.uri.formParameters
            var query = RecordQuery(isForViewer: client.principal.seesMasked)
            query.threadID = parameters["thread"].map(String.init)
            query.text = parameters["q"].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
            query.before = try Self.number("before", 1...Int64.max, in: parameters)
            query.limit = try Self.number("limit", 1...500, in: parameters) ?? 100
            let rows = try await edge.status.record(query)
            let next = rows.count < query.limit ? nil : rows.last?["seq"]
            return Self.json(["data": .array(rows), "next": next ?? .null])
        }
        router.get("/api/v1/sre/threads/{id}/timeline") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            let parameters = request.uri.formParameters
            var query = RecordQuery(isForViewer: client.principal.seesMasked)
            query.threadID = try context.parameters.require("id")
            query.before = try Self.number("cursor", 1...Int64.max, in: parameters)
            query.limit = try Self.number("limit", 1...1_000, in: parameters) ?? 200
            return Self.json(try await edge.status.timeline(query))
        }
    }

    private static func number<Number: FixedWidthInteger>(
        _ name: Substring, _ range: ClosedRange<Number>, in parameters: FlatDictionary<Substring, Substring>
    ) throws -> Number? {
        guard let text = parameters[name], !text.isEmpty else { return nil }
        guard let value = Number(text), range.contains(value) else {
            throw AccessRefusal(
                status: 400, message: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    private static func json(_ value: JSONValue) -> Response { .json(value.serialized()) }
}
