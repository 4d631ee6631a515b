import Foundation
import NIOCore
@testable import Page
import Testing

@Suite struct PageFilesTests {
    /// Resources as the build and `scripts/bundle-page` leave them.
    private final class Resources {
        let root = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString)")
        var path: String { root.path }

        init(_ files: [String: String]) throws {
            for (name, text) in files { try write(name, text) }
        }

        func write(_ name: String, _ text: String) throws {
            let url = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }

        deinit { try? FileManager.default.removeItem(at: root) }
    }

    private static func bundled() throws -> Resources {
        let resources = try Resources([
            "Web/index.html": "sources", "Web/main.js": "1", "Web/text/a.js": "2", "Bundle/index.html": "bundle",
            "Bundle/app-0f.js": "plain plain", "Bundle/app-0f.js.gz": "gzip!", "Bundle/app-0f.js.br": "br",
        ])
        try resources.write("Bundle/made-from", PageBundle.fingerprint(of: "\(resources.path)/Web"))
        return resources
    }

    private func text(_ file: PageFile?, _ accepted: String? = nil) -> String? {
        file.map { String(buffer: $0.content(accepted: accepted).bytes) }
    }

    @Test func theBundleIsServedInPlaceOfItsSources() throws {
        let resources = try Self.bundled()
        let page = PageFiles(override: nil, resources: resources.path)
        #expect(page.form == .bundle && page.version == nil)
        #expect(text(page["index.html"]) == "bundle" && text(page["main.js"]) == "1")
        #expect(page["app-0f.js"]?.isImmutable == true && page["index.html"]?.isImmutable == false)
        #expect(page["app-0f.js.gz"] == nil && page["made-from"] == nil && page["../made-from"] == nil)
    }

    /// After `swift build` alone.
    @Test func aBundleOfOtherSourcesIsNotServed() throws {
        let resources = try Self.bundled()
        for (name, content) in [("Web/main.js", "changed"), ("Web/text/new.js", "")] {
            try resources.write(name, content)
            let page = PageFiles(override: nil, resources: resources.path)
            #expect(page.form == .sources && text(page["index.html"]) == "sources" && page["app-0f.js"] == nil)
        }
    }

    @Test func developmentReadsTheFilesAgain() throws {
        let resources = try Self.bundled()
        let page = PageFiles(override: "\(resources.path)/Web", resources: resources.path)
        #expect(page.form == .development && page.version != nil)
        try resources.write("Web/index.html", "changed")
        #expect(text(page["index.html"]) == "changed")
    }

    @Test(arguments: [
        (nil, "plain plain"), ("", "plain plain"), ("identity", "plain plain"), ("gzip", "gzip!"), ("br", "br"),
        ("gzip, deflate, br, zstd", "br"), ("GZIP;q=1.0, br;q=0", "gzip!"), ("br; q=0.000, gzip;q=0.5", "gzip!"),
        ("brotli, x-gzip", "plain plain"), ("*", "plain plain"),
    ])
    func theSmallestAcceptedFormIsSent(_ accepted: String?, _ expected: String) throws {
        let resources = try Self.bundled()
        let file = try #require(PageFiles(override: nil, resources: resources.path)["app-0f.js"])
        #expect(text(file, accepted) == expected && file.isCompressible)
        #expect(
            file.content(accepted: accepted).tag != file.content(accepted: "deflate").tag || expected == "plain plain")
    }
}
