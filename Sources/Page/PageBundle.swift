import Foundation

/// The page as `scripts/bundle-page` has bundled it.
struct PageBundle {
    let files: [String: PageFile]

    /// nil if there is no bundle, or if it was made from other sources than those beside it.
    init?(resources: String) {
        guard let madeFrom = FileManager.default.contents(atPath: "\(resources)/Bundle/made-from"),
            String(decoding: madeFrom, as: UTF8.self) == Self.fingerprint(of: "\(resources)/Web")
        else { return nil }
        var files: [String: PageFile] = [:]
        for name in PageFiles.names(below: "\(resources)/Bundle") {
            if let file = PageFile(at: "\(resources)/Bundle/\(name)", isInBundle: true) { files[name] = file }
        }
        guard files["index.html"] != nil else { return nil }
        self.files = files
    }

    /// As `scripts/bundle-page` computes it.
    static func fingerprint(of directory: String) -> String {
        var hash = FNV1a()
        for name in PageFiles.names(below: directory).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            hash.add(name.utf8)
            hash.add([0])
            hash.add(FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data())
            hash.add([0])
        }
        return hash.text
    }
}
