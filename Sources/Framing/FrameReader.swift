package import NIOCore

/// Assembles frames into messages and checks them against RFC 6455. A state machine: one frame in, one ``Event`` out.
package struct FrameReader {
    /// The peer that sends the frames. A client must mask them, a server must not (section 5.1).
    package enum Sender: Sendable { case client, server }

    package enum Event {
        case message(ByteBuffer)
        case binary(ByteBuffer)
        case ping(ByteBuffer)
        case pong
        /// The peer closes the connection. `code` is nil if the peer gave none.
        case closed(code: UInt16?, reason: String)
        /// The receiver must fail the connection with this code and reason.
        case fault(CloseCode, String)
        /// A fragment of an incomplete message.
        case nothing
    }

    /// The largest message, in bytes.
    package let limit: Int
    private let sender: Sender
    /// The server accepts only text; protocol tests accept binary messages as well.
    let acceptsBinary: Bool
    /// Has permessage-deflate been agreed on?
    package var acceptsCompressed = false
    /// The fragments of an incomplete message so far.
    private var fragments: ByteBuffer?
    private var isBinary = false
    private var isCompressed = false

    package init(limit: Int, of sender: Sender = .client, acceptsBinary: Bool = false) {
        self.limit = limit
        self.sender = sender
        self.acceptsBinary = acceptsBinary
    }

    package mutating func read(_ frame: Frame) -> Event {
        guard frame.isMasked == (sender == .client) else {
            return .fault(.protocolError, "A client's frame must be masked, and a server's must not be.")
        }
        guard !frame.hasReservedBits, !frame.isCompressed || acceptsCompressed else {
            return .fault(.protocolError, "A reserved bit is set: no extension was agreed on.")
        }
        switch frame.opcode {
        case .binary where !acceptsBinary: return .fault(.unsupportedData, "Messages are text frames.")
        case .text, .binary:
            guard fragments == nil else { return .fault(.protocolError, "A new message began inside another.") }
            isBinary = frame.opcode == .binary
            isCompressed = frame.isCompressed
            return extend(with: frame)
        case _ where frame.isCompressed:
            return .fault(.protocolError, "Only the first frame of a message says that it is compressed.")
        case .continuation:
            guard fragments != nil else { return .fault(.protocolError, "There is no message to continue.") }
            return extend(with: frame)
        case .ping: return control(frame) ?? .ping(frame.payload)
        case .pong: return control(frame) ?? .pong
        case .connectionClose: return control(frame) ?? close(frame.payload)
        case nil: return .fault(.protocolError, "The opcode is reserved.")
        }
    }

    private mutating func extend(with frame: Frame) -> Event {
        guard (fragments?.readableBytes ?? 0) + frame.payload.readableBytes <= limit else {
            return .fault(.messageTooBig, "A message may have up to \(limit) bytes.")
        }
        guard fragments != nil || !frame.isFinal else { return message(frame.payload) }
        // Append in place, so that a message of many small fragments is not copied for each fragment.
        if fragments == nil { fragments = ByteBuffer() }
        fragments?.writeImmutableBuffer(frame.payload)
        guard frame.isFinal, let whole = fragments.take() else { return .nothing }
        return message(whole)
    }

    private func message(_ message: ByteBuffer) -> Event {
        guard isCompressed else { return plain(message) }
        guard let decompressor = MessageDecompressor.ofThisThread else {
            return .fault(.goingAway, "There is no memory for a compressed message.")
        }
        do throws(MessageDecompressor.Fault) {
            return plain(try decompressor.message(message, limit: limit))
        } catch {
            switch error {
            case .broken: return .fault(.invalidPayload, "The compressed message cannot be read.")
            case .tooLong: return .fault(.messageTooBig, "A message may have up to \(limit) bytes.")
            }
        }
    }

    private func plain(_ message: ByteBuffer) -> Event {
        if isBinary { return .binary(message) }
        guard Self.isUTF8(message) else { return .fault(.invalidPayload, "Text is not valid UTF-8.") }
        return .message(message)
    }

    private func control(_ frame: Frame) -> Event? {
        guard frame.isFinal, frame.payload.readableBytes <= 125 else {
            return .fault(.protocolError, "A control frame is short and in one piece.")
        }
        return nil
    }

    private func close(_ payload: ByteBuffer) -> Event {
        var payload = payload
        guard payload.readableBytes > 0 else { return .closed(code: nil, reason: "") }
        guard let code: UInt16 = payload.readInteger(), CloseCode.isValid(code) else {
            return .fault(.protocolError, "The close code is not valid.")
        }
        guard Self.isUTF8(payload) else { return .fault(.invalidPayload, "The close reason is not valid UTF-8.") }
        return .closed(code: code, reason: String(buffer: payload))
    }

    private static func isUTF8(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { bytes in
            (try? UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)) != nil
        }
    }
}
