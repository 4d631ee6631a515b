import Foundation
public import NIOCore

/// One file of the page.
public struct PageFile: Sendable {
    /// The content as it is, or compressed.
    public struct Content: Sendable {
        public let bytes: ByteBuffer
        /// A content coding (RFC 9110 section 8.4); nil if it is not compressed.
        public let coding: String?
        /// An entity tag, which changes with the bytes (RFC 9110 section 8.8.3).
        public let tag: String

        init(_ bytes: Data, coding: String?) {
            self.bytes = ByteBuffer(bytes: bytes)
            self.coding = coding
            // FNV-1a is enough: the files are the server's own, so a collision gains an attacker nothing.
            tag = "\"\(FNV1a(bytes).text)-\(bytes.count)\""
        }
    }

    /// A media type, for `Content-Type`.
    public let type: String
    /// Does the name change with the content? Browsers need not ask for such a file again.
    public let isImmutable: Bool
    private let plain: Content
    /// The smallest first.
    private let compressed: [Content]

    /// nil if the file cannot be read or has another type than a page's files have. `isInBundle`: there may be
    /// compressed forms beside it, and a name with a hash.
    init?(at path: String, isInBundle: Bool = false) {
        guard let type = Self.types[String(path.split(separator: ".").last ?? "")],
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        self.type = type
        plain = Content(data, coding: nil)
        isImmutable = isInBundle && (path.split(separator: "/").last ?? "").contains("-")
        guard isInBundle else {
            compressed = []
            return
        }
        compressed = [("br", "br"), ("gz", "gzip")].compactMap { ending, coding in
            FileManager.default.contents(atPath: "\(path).\(ending)").map { Content($0, coding: coding) }
        }.sorted { $0.bytes.readableBytes < $1.bytes.readableBytes }
    }

    public var isCompressible: Bool { !compressed.isEmpty }

    /// The smallest form that the client accepts. `accepted` is the value of `Accept-Encoding`; nil if it has none.
    public func content(accepted: String?) -> Content {
        guard let accepted, !compressed.isEmpty else { return plain }
        let codings = accepted.lowercased().split(separator: ",").compactMap { part -> String? in
            let pieces = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let isRefused = pieces.dropFirst().contains {
                $0.hasPrefix("q=0") && $0.dropFirst(3).allSatisfy { ".0".contains($0) }
            }
            return isRefused ? nil : pieces.first
        }
        return compressed.first { $0.coding.map(codings.contains) ?? false } ?? plain
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "webmanifest": "application/manifest+json", "json": "application/json",
        "png": "image/png",
    ]
}

/// A hash of bytes, for files that nobody but the server's owner can write.
struct FNV1a {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init() {}

    init(_ bytes: Data) { add(bytes) }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    var text: String { String(value, radix: 16) }
}
