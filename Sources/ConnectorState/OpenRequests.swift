import JSONRPC

/// The program's requests without a response. Invalid messages do not count; the server answers those.
struct OpenRequests: Sendable {
    private var ids: Set<RequestID> = []

    var count: Int { ids.count }

    mutating func sent(_ message: UnsafeRawBufferPointer) {
        if case .request(let id)? = try? Message(scanning: message).kind { ids.insert(id) }
    }

    mutating func received(_ message: UnsafeRawBufferPointer) {
        guard !ids.isEmpty else { return }
        if case .response(let id)? = try? Message(scanning: message).kind { ids.remove(id) }
    }
}
