public import JSON

/// Error codes that the server itself uses. The agent's codes are forwarded unchanged.
public enum ErrorCode: Int64, Sendable {
    /// JSON-RPC 2.0 section 5.1.
    case parseError = -32700
    case invalidRequest = -32600
    case invalidParams = -32602
    case internalError = -32603
    /// Ours: the agent is unavailable, or ended during the request.
    case agentUnavailable = -32000
    /// codex's own code for "Server overloaded; retry later."
    case overloaded = -32001
    /// Ours: the configuration does not allow it; the message names the setting or the missing permission.
    case refused = -32003
}

/// A JSON-RPC error.
public struct ErrorReply: Error, Sendable, Hashable {
    public let code: ErrorCode
    /// A sentence that says what to do.
    public let message: String
    public let data: JSONValue?

    public init(_ code: ErrorCode, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }
}

/// Encodes messages that the server itself sends. Like codex's, they have no `jsonrpc` member.
public enum MessageEncoder {
    /// `id` nil writes a null id, which JSON-RPC requires if the request's id could not be read.
    public static func error(_ error: ErrorReply, id: RequestID?) -> [UInt8] {
        var body: JSONObject = ["code": .number(JSONNumber(error.code.rawValue)), "message": .string(error.message)]
        body["data"] = error.data
        return JSONValue.object(["id": id?.json ?? .null, "error": .object(body)]).serialized()
    }

    /// `error` is the whole error object, as the peer wrote it.
    public static func error(_ error: JSONValue, id: RequestID) -> [UInt8] {
        JSONValue.object(["id": id.json, "error": error]).serialized()
    }

    public static func result(_ result: JSONValue, id: RequestID) -> [UInt8] {
        JSONValue.object(["id": id.json, "result": result]).serialized()
    }

    public static func request(_ method: String, id: RequestID, params: JSONValue) -> [UInt8] {
        JSONValue.object(["id": id.json, "method": .string(method), "params": params]).serialized()
    }

    public static func notification(_ method: String, params: JSONValue? = nil) -> [UInt8] {
        var message: JSONObject = ["method": .string(method)]
        message["params"] = params
        return JSONValue.object(message).serialized()
    }
}

extension MessageFault {
    /// The error for the sender of the text; nil for a response, which must not be answered.
    public var reply: [UInt8]? {
        switch self {
        case .notJSON(let error):
            MessageEncoder.error(ErrorReply(.parseError, "This is not JSON: \(error)."), id: nil)
        case .notAMessage(let reason, let id):
            MessageEncoder.error(ErrorReply(.invalidRequest, "This is not a JSON-RPC message: \(reason)."), id: id)
        case .responseWithoutID: nil
        }
    }
}
