import Foundation
public import NIOCore

/// The page's files, read once and cached.
public struct PageFiles: Sendable {
    public struct File: Sendable {
        public let content: ByteBuffer
        /// A media type, for `Content-Type`.
        public let type: String

        /// An entity tag, which changes with the content (RFC 9110 section 8.8.3).
        public let tag: String

        init(content: ByteBuffer, type: String) {
            self.content = content
            self.type = type
            // FNV-1a is enough: the files are the server's own, so a collision gains an attacker nothing.
            let hash = content.readableBytesView.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            tag = "\"\(String(hash, radix: 16))-\(content.readableBytes)\""
        }
    }

    private let directory: String
    private let files: [String: File]
    /// In development, each request reads the file again.
    private let readsAnew: Bool

    /// `override` is a directory to serve instead of the bundled files, read again on each request.
    public init(override: String?) {
        readsAnew = override != nil
        directory = override ?? Bundle.module.resourceURL?.appendingPathComponent("Web").path ?? "Web"
        var files: [String: File] = [:]
        let root = URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL
        let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        while let url = enumerator?.nextObject() as? URL {
            let path = String(url.standardizedFileURL.path.dropFirst(root.path.count)).drop { $0 == "/" }
            if let file = Self.read(url.path) { files[String(path)] = file }
        }
        self.files = files
    }

    /// Serves only names that existed at the start, so a path cannot escape the directory.
    public subscript(name: String) -> File? {
        guard let file = files[name] else { return nil }
        return readsAnew ? Self.read("\(directory)/\(name)") : file
    }

    /// Changes when any file changes; nil outside development.
    public var version: String? {
        guard readsAnew else { return nil }
        let times = files.keys.map { name -> Double in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
            return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        }
        return String(times.max() ?? 0)
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "webmanifest": "application/manifest+json", "json": "application/json",
        "png": "image/png",
    ]

    private static func read(_ path: String) -> File? {
        guard let type = types[String(path.split(separator: ".").last ?? "")],
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        return File(content: ByteBuffer(bytes: data), type: type)
    }
}
