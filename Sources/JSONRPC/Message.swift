public import JSON

/// The envelope of one JSON-RPC message, read in a single scan over its bytes, without building the values of `params`
/// or `result`. Ranges count bytes from the start of the message.
///
/// Initializing this type checks the whole text against the JSON grammar and refuses duplicate members of the
/// envelope, so that the policy reads the same message as the agent.
public struct Message: Sendable {
    public enum Kind: Sendable {
        case request(RequestID)
        case notification
        /// A response carries `result` or `error`.
        case response(RequestID)
    }

    public let kind: Kind
    /// Empty for a response.
    public let method: String
    public let params: Range<Int>?
    public let result: Range<Int>?
    public let error: Range<Int>?

    /// Throws ``MessageFault`` for text that is not JSON or not a JSON-RPC message.
    public init(scanning bytes: UnsafeRawBufferPointer) throws(MessageFault) {
        try self.init(Envelope(scanning: bytes), in: bytes)
    }

    /// `bytes` are the bytes that the envelope was scanned from.
    public init(_ envelope: Envelope, in bytes: UnsafeRawBufferPointer) throws(MessageFault) {
        func value(_ range: Range<Int>) throws(MessageFault) -> JSONValue {
            do {
                return try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))
            } catch {
                throw .notJSON(error)
            }
        }
        guard envelope.isObject else { throw .notAMessage("a message is one JSON object", id: nil) }
        let idValue: JSONValue? = if let range = envelope.id { try value(range) } else { nil }
        let name: JSONValue? = if let range = envelope.method { try value(range) } else { nil }
        let id: RequestID? = idValue.flatMap(RequestID.init)
        if let name = envelope.duplicate {
            throw .notAMessage("\"\(name)\" appears twice", id: id)
        }
        if let idValue, id == nil, name != nil {
            throw .notAMessage("an id is a string or a 64-bit integer, not \(idValue)", id: nil)
        }
        if let name {
            guard let method = name.stringValue, !method.isEmpty else {
                throw .notAMessage("\"method\" is a string", id: id)
            }
            self.method = method
            self.kind = id.map(Kind.request) ?? .notification
        } else {
            guard envelope.result != nil || envelope.error != nil else {
                throw .notAMessage("there is no \"method\", \"result\" or \"error\"", id: id)
            }
            guard let id else { throw .responseWithoutID }
            self.method = ""
            self.kind = .response(id)
        }
        self.params = envelope.params
        self.result = envelope.result
        self.error = envelope.error
    }

    public init(scanning bytes: [UInt8]) throws(MessageFault) {
        let scanned = bytes.withUnsafeBytes { pointer in
            Result { () throws(MessageFault) in try Message(scanning: pointer) }
        }
        self = try scanned.get()
    }
}

/// The reason that bytes are not a message.
public enum MessageFault: Error, Sendable, Hashable {
    /// JSON-RPC error −32700.
    case notJSON(JSONError)
    /// JSON-RPC error −32600; `id` is the id for the response, if there is one.
    case notAMessage(String, id: RequestID?)
    /// A response whose id is null, missing or invalid, so that its request is unknown.
    case responseWithoutID
}
