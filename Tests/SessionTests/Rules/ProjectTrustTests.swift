import JSON
@testable import Session
import Testing

/// codex starts the MCP servers that a trusted directory's `.codex` folder names, outside any sandbox and without
/// asking. It inspects the directory and its parents up to the repository's root, along the path as given.
@Suite struct ProjectTrustTests {
    @Test func theDirectoryAndEveryOneAboveItAreUntrusted() throws {
        #expect(try untrusted("/work/space/app").isSuperset(of: ["/work/space/app", "/work/space", "/work"]))
        #expect(try untrusted(nil).isSuperset(of: ["/work/space", "/work"]))
    }

    @Test func whereALinkLeadsIsUntrustedToo() throws {
        let paths = try untrusted("/home/ann/link/app")
        #expect(paths.isSuperset(of: ["/home/ann/link/app", "/work/space/app", "/work/space", "/work"]))
    }

    @Test func soAreTheDirectoriesAboveTheLink() throws {
        #expect(try untrusted("/home/ann/link/app").isSuperset(of: ["/home/ann/link", "/home/ann", "/home"]))
    }

    @Test func soIsTheRoot() throws {
        #expect(try untrusted("/work/space/app").contains("/"))
        #expect(try untrusted("/").contains("/"))
    }

    @Test func nothingButUntrustedIsSaid() throws {
        let call = try ThreadCall(
            .start, params: ["cwd": "/work/space/app"], principal: .local, policy: Machine.policy(), known: { _ in nil }
        )
        let projects = try #require(call.params["config"]?["projects"]?.objectValue)
        #expect(projects.members.allSatisfy { $0.value == ["trust_level": "untrusted"] })
    }

    private func untrusted(_ cwd: String?) throws -> Set<String> {
        let params: JSONValue = ["cwd": cwd.map { .string($0) } ?? .null]
        let call = try ThreadCall(
            .start, params: params, principal: .local, policy: Machine.policy(), known: { _ in nil })
        return Set(call.params["config"]?["projects"]?.objectValue?.keys ?? [])
    }
}
