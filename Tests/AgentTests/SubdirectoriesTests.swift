@testable import Agent
import Glibc
import Testing

@Suite struct SubdirectoriesTests {
    @Test func directoriesAndWhatLinksLeadTo() throws {
        try Self.with(
            "mkdir b a .hidden 'c d'; touch file; mkfifo pipe; ln -s b link; ln -s /etc out; ln -s none broken"
        ) { place in
            let found = try #require(Subdirectories(user: nil).list(place) { $0 != "/etc" })
            #expect(found.entries.map(\.name) == [".hidden", "a", "b", "c d", "link"])
            #expect(found.entries.map(\.path) == [".hidden", "a", "b", "c d", "b"].map { "\(place)/\($0)" })
            #expect(!found.isCut)
        }
    }

    @Test func aLinkIsNotTheDirectoryThatWasAskedFor() throws {
        try Self.with("mkdir a; ln -s a link") { place in
            #expect(Subdirectories(user: nil).list("\(place)/link") { _ in true } == nil)
            #expect(Subdirectories(user: nil).list("\(place)/none") { _ in true } == nil)
        }
    }

    @Test func aLongListIsCut() throws {
        try Self.with("for i in $(seq 1000 1600); do mkdir $i; done") { place in
            let found = try #require(Subdirectories(user: nil).list(place) { _ in true })
            #expect(found.entries.count == Subdirectories.limit && found.isCut)
            #expect(found.entries.first?.name == "1000")
        }
    }

    /// As root the server could read everything.
    @Test(.enabled(if: geteuid() == 0)) func onlyWhatTheAgentsUserMayRead() throws {
        let agent = Subdirectories(user: AgentUser(uid: 64_737, gid: 64_737))
        try Self.with("chmod 755 .; mkdir -p open closed/inner; chmod 700 closed; ln -s closed/inner link") { place in
            #expect(agent.list(place) { _ in true }?.entries.map(\.name) == ["open"])
            #expect(agent.list("\(place)/closed") { _ in true } == nil)
            #expect(
                Subdirectories(user: nil).list(place) { _ in true }?.entries.map(\.name) == ["closed", "link", "open"])
        }
    }

    private static func with(_ script: String, _ body: (_ place: String) throws -> Void) throws {
        try Place.with { place in
            #expect(try Shell.run("cd \(place.path) && { \(script); }").code == 0)
            try body(try #require(FileTree.realPath(place.path)))
        }
    }
}
