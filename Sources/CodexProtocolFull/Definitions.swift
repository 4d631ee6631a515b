public import CodexProtocol
public import JSON

/// A method with a response: its name and the types of its params and result.
public protocol RequestDefinition<Method>: Sendable {
    associatedtype Method: RawRepresentable<String> & Sendable & Hashable
    associatedtype Params: ProtocolValue
    associatedtype Result: ProtocolValue

    static var method: Method { get }
}

/// A method without a response.
public protocol NotificationDefinition<Method>: Sendable {
    associatedtype Method: RawRepresentable<String> & Sendable & Hashable
    associatedtype Params: ProtocolValue

    static var method: Method { get }
}

/// The params of a method that takes none; a client may send null, `{}` or nothing.
public struct NoParams: ProtocolValue {
    public let json: JSONValue

    public init(json: JSONValue) { self.json = json }
    public init() { json = .null }
}
