import CodexProtocolFull
import JSON
import Testing

/// Decodes `json` as `type` and expects the encoded value to be equal.
@discardableResult
func expectRoundTrip<Value: ProtocolValue>(
    _ type: Value.Type, _ json: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Value {
    let value = try Value(json: json)
    #expect(value.json == json, sourceLocation: sourceLocation)
    #expect(try Value(json: value.json) == value, sourceLocation: sourceLocation)
    return value
}

/// Decodes and encodes a message's params or result as the types of its method.
enum Codec {
    static func expectParamsRoundTrip<D: RequestDefinition>(_: D.Type, _ params: JSONValue?) throws {
        try expectRoundTrip(D.Params.self, params ?? .null)
    }

    static func expectParamsRoundTrip<D: NotificationDefinition>(_: D.Type, _ params: JSONValue?) throws {
        try expectRoundTrip(D.Params.self, params ?? .null)
    }

    static func expectResultRoundTrip<D: RequestDefinition>(_: D.Type, _ result: JSONValue) throws {
        try expectRoundTrip(D.Result.self, result)
    }
}
