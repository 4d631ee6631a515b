/// The WebSocket close codes that the server and its clients here send (RFC 6455 section 7.4).
package enum CloseCode: UInt16 {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidPayload = 1007
    case messageTooBig = 1009

    /// Whether a peer may send this code (sections 7.4.1 and 7.4.2).
    package static func isValid(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
