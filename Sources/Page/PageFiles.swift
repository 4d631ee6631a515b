import Foundation
import NIOCore

/// The page's files, read once and cached.
public struct PageFiles: Sendable {
    /// How the files are served.
    public enum Form: Sendable {
        /// As a bundle, which `scripts/bundle-page` has made of the sources.
        case bundle
        /// As the sources: there is no bundle of them.
        case sources
        /// As the sources in another directory, which are read again on each request, for development.
        case development
    }

    public let form: Form
    private let directory: String
    private let files: [String: PageFile]

    /// `override` is a directory to serve instead of the program's own files.
    public init(override: String?) {
        let resources = Bundle.module.resourceURL?.path ?? "."
        self.init(override: override, resources: resources)
    }

    init(override: String?, resources: String) {
        directory = override ?? "\(resources)/Web"
        var files = Self.files(below: directory)
        if override != nil {
            form = .development
        } else if let bundle = PageBundle(resources: resources) {
            form = .bundle
            files.merge(bundle.files) { $1 }
        } else {
            form = .sources
        }
        self.files = files
    }

    /// Serves only names that existed at the start, so a path cannot escape the directory.
    public subscript(name: String) -> PageFile? {
        guard let file = files[name] else { return nil }
        return form == .development ? PageFile(at: "\(directory)/\(name)") : file
    }

    /// Changes when any file changes; nil outside development.
    public var version: String? {
        guard form == .development else { return nil }
        let times = files.keys.map { name -> Double in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
            return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        }
        return String(times.max() ?? 0)
    }

    private static func files(below directory: String) -> [String: PageFile] {
        var files: [String: PageFile] = [:]
        for name in names(below: directory) {
            if let file = PageFile(at: "\(directory)/\(name)") { files[name] = file }
        }
        return files
    }

    /// The regular files below a directory, as paths from there.
    static func names(below directory: String) -> [String] {
        let root = URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL
        let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        var names: [String] = []
        while let url = enumerator?.nextObject() as? URL {
            guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else { continue }
            names.append(String(url.standardizedFileURL.path.dropFirst(root.path.count).drop { $0 == "/" }))
        }
        return names
    }
}
