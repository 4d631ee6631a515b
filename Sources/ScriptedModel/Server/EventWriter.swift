import Hummingbird
import NIOCore

/// Performs a stream: writes its events, keeps its pauses, and hangs or disconnects as specified.
enum EventWriter {
    /// Thrown for a cut: Hummingbird then closes the connection without ending the body.
    struct Cut: Error {}

    /// Events without a pause between them are sent together, up to this many bytes.
    private static let batchBytes = 64 << 10

    static func write(_ stream: ResponseStream, to writer: inout any ResponseBodyWriter) async throws {
        var buffer = ByteBuffer()
        for frame in stream.frames {
            if case .event(let event) = frame {
                buffer.writeBytes(ResponseEvents.serverSentEvent(event))
                if buffer.readableBytes < batchBytes { continue }
            }
            if buffer.readableBytes > 0 { try await writer.write(buffer) }
            buffer.clear()
            switch frame {
            case .event: continue
            case .pause(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
            case .hang: while true { try await Task.sleep(for: .seconds(3600)) }
            case .cut: throw Cut()
            }
        }
        if buffer.readableBytes > 0 { try await writer.write(buffer) }
    }
}
