import Settings
import Testing

/// Agents write into the workspace, so it is never the server's working directory or a parent of it.
@Suite struct WorkspaceTests {
    @Test(arguments: [
        "/srv/app", "/srv", "/srv/app/", "/srv/", "/", "//", ".", "./", "..", "../", "../app", "./.", "x/..",
        "./x/../..",
        "/srv/./app", "/srv//app", "/srv/app/x/..", "/opt/../srv", "///srv/app",
    ])
    func isNeverTheWorkingDirectoryOrAboveIt(_ path: String) {
        let error = #expect(throws: SettingsError.self) { try Self.workspace(path, workingDirectory: "/srv/app") }
        #expect(error?.key == "WORKSPACE")
    }

    @Test(arguments: [("~", "/home/ann"), ("~/", "/home/ann"), ("~", "/home/ann/sre")])
    func isNotTheHomeWhenTheServerRunsThere(_ path: String, _ workingDirectory: String) {
        #expect(throws: SettingsError.self) { try Self.workspace(path, workingDirectory: workingDirectory) }
    }

    @Test(
        arguments: [
            ("./workspace", "/srv/app/workspace"), ("w", "/srv/app/w"), ("/srv/application", "/srv/application"),
            ("/srv/ap", "/srv/ap"), ("~/work", "/home/ann/work"), ("../other", nil), ("/srv/app2/", nil),
            ("w/../v", nil), ("../app/w", nil),
        ] as [(String, String?)])
    func mayBeAnyOtherDirectory(_ path: String, _ absolute: String?) throws {
        let workspace = try Self.workspace(path, workingDirectory: "/srv/app")
        if let absolute { #expect(workspace == absolute) }
    }

    private static func workspace(_ path: String, workingDirectory: String) throws -> String {
        try Settings(layers: [["WORKSPACE": path]], home: "/home/ann", workingDirectory: workingDirectory).workspace
    }
}
