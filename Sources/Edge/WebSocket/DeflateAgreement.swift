import Framing
import NIOCore
package import NIOHTTP1

/// What server and client have agreed on about compressing messages (permessage-deflate, RFC 7692).
///
/// The server always asks for `client_no_context_takeover`: it then keeps nothing for what a client sends.
package struct DeflateAgreement: Sendable, Hashable {
    private static let name = "permessage-deflate"
    private static let header = "Sec-WebSocket-Extensions"
    private static let windowBits = 8...15

    /// The largest window for what the server sends; in bits.
    private var serverWindowBits = MessageCompressor.windowBits
    /// The server compresses each message by itself.
    private var serverForgets = false
    /// Only for tests of the protocol.
    private var compressesAll = false

    /// Agrees to the first offer of a request that the server can keep. nil if there is none.
    package init?(_ headers: HTTPHeaders) {
        guard headers.contains(name: Self.header) else { return nil }
        let offers = headers[Self.header].flatMap { $0.split(separator: ",") }
        guard let agreement = offers.lazy.compactMap(Self.init(offer:)).first else { return nil }
        self = agreement
    }

    /// RFC 7692 section 7.1: an offer with an unknown or repeated parameter, or a value that is not allowed, is declined.
    private init?(offer: Substring) {
        let parts = offer.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        guard parts.first?.lowercased() == Self.name else { return nil }
        var seen: Set<String> = []
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
            let name = (pair.first ?? "").lowercased()
            let value = pair.count == 2 ? Self.unquoted(pair[1]) : nil
            guard seen.insert(name).inserted else { return nil }
            switch (name, value) {
            case ("server_no_context_takeover", nil): serverForgets = true
            case ("client_no_context_takeover", nil), ("client_max_window_bits", nil): break
            case ("client_max_window_bits", let bits?): guard Self.bits(bits) != nil else { return nil }
            case ("server_max_window_bits", let bits?):
                // zlib has no window of 8 bits.
                guard let bits = Self.bits(bits), bits > Self.windowBits.lowerBound else { return nil }
                serverWindowBits = min(serverWindowBits, bits)
            default: return nil
            }
        }
    }

    /// The headers with which the server accepts.
    package var headers: HTTPHeaders {
        let forgets = serverForgets ? "; server_no_context_takeover" : ""
        return [
            Self.header:
                "\(Self.name)\(forgets); client_no_context_takeover; server_max_window_bits=\(serverWindowBits)"
        ]
    }

    package var compressingAll: Self {
        var agreement = self
        agreement.compressesAll = true
        return agreement
    }

    func compressor() -> MessageCompressor? { MessageCompressor(windowBits: serverWindowBits, forgets: serverForgets) }

    /// Only a thread's notifications are compressed. The length of a compressed message tells what it has in common with
    /// those before it (as in CRIME), so nothing about accounts, tickets or sessions may be: neither the answers to
    /// requests nor the server's own notifications are.
    func compresses(_ opcode: Opcode, _ message: ByteBuffer) -> Bool {
        guard !compressesAll else { return opcode == .text || opcode == .binary }
        return opcode == .text
            && message.withUnsafeReadableBytes { bytes in Self.beginnings.contains { Self.isPrefix($0, of: bytes) } }
    }

    private static let beginnings: [StaticString] = [
        #"{"method":"item/"#, #"{"method":"turn/"#, #"{"method":"thread/"#, #"{"method":"hook/"#,
    ]

    private static func isPrefix(_ beginning: StaticString, of bytes: UnsafeRawBufferPointer) -> Bool {
        let length = beginning.utf8CodeUnitCount
        return bytes.count > length
            && bytes[..<length].elementsEqual(
                UnsafeBufferPointer(start: beginning.utf8Start, count: length))
    }

    private static func bits(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !text.hasPrefix("0"),
            let bits = Int(text), windowBits.contains(bits)
        else { return nil }
        return bits
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// A value may be quoted (RFC 6455 section 9.1).
    private static func unquoted(_ text: Substring) -> Substring {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? text.dropFirst().dropLast() : text
    }
}
