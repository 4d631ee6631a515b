import JSON
import Policy
@testable import Session
import Testing

/// Which directories a principal may see, to choose one for a thread.
@Suite struct BrowsingTests {
    private static func browse(
        _ path: String?, _ principal: Principal = .holder(.operator), _ policy: ServerPolicy = Machine.policy()
    ) -> ServerPolicy.Browsing { policy.browse(path, for: principal) }

    @Test func theRootsAndWhatIsInThem() {
        let workspace = BrowsableDirectory(path: "/work/space", parent: nil, obstacle: nil)
        let app = BrowsableDirectory(path: "/work/space/app", parent: "/work/space", obstacle: nil)
        for role in [Role.operator, .approver, .admin] {
            for path in [nil, "/work/space", "/work/space/"] {
                #expect(Self.browse(path, .holder(role)) == .allowed(workspace))
            }
            #expect(Self.browse("/work/space/app", .holder(role)) == .allowed(app))
            // By its links it lies in the roots.
            #expect(Self.browse("/home/ann/link/app", .holder(role)) == .allowed(app))
        }
    }

    @Test(arguments: [
        "/", "/work", "/etc", "/work/spaceship", "/work/space/way-out", "/work/space/way-out/none",
        "/work/space/app/../..", "/nowhere",
    ])
    func nothingElse(_ path: String) {
        guard case .refused(let message) = Self.browse(path) else {
            Issue.record("\(path) is shown")
            return
        }
        #expect(message.contains("outside WORKSPACE"))
    }

    @Test(arguments: ["/work/space/none", "/work/space/a.png", "app", "", ".", "/work/space\0/app"])
    func whatIsNoDirectory(_ path: String) {
        guard case .invalid = Self.browse(path) else {
            Issue.record("\(path.debugDescription) is shown")
            return
        }
    }

    @Test(arguments: [Principal.holder(.operator), .holder(.admin), .local])
    func theServersOwnAreNotShown(_ principal: Principal) {
        guard case .refused(let message) = Self.browse("/work/space/state", principal) else {
            Issue.record("the state is shown")
            return
        }
        #expect(message.contains("one of the server's own"))
        let policy = Machine.policy()
        #expect(!policy.mayBeSeen("/work/space/state", by: principal))
        #expect(!policy.mayBeSeen("/work/space/state/run", by: principal))
        #expect(!policy.mayBeSeen("/proc", by: principal))
        #expect(policy.mayBeSeen("/work/space/app", by: principal))
        #expect(policy.mayBeSeen("/work/spaceship", by: principal) == principal.isLocal)
    }

    @Test func theLocalUserSeesTheRest() {
        #expect(Self.browse("/", .local) == .allowed(.init(path: "/", parent: nil, obstacle: nil)))
        #expect(Self.browse("/etc", .local) == .allowed(.init(path: "/etc", parent: "/", obstacle: nil)))
    }

    @Test(arguments: [nil, "/work/space", "/nowhere"])
    func aViewerSeesNone(_ path: String?) {
        guard case .refused(let message) = Self.browse(path, .holder(.viewer)) else {
            Issue.record("a viewer sees directories")
            return
        }
        #expect(message.contains("operator"))
    }

    /// A floor without any root permits nothing.
    @Test func withoutRootsThereIsNothing() {
        var policy = Machine.policy()
        policy.floors[.operator].roots = []
        for path in [nil, "/", "/work/space"] {
            guard case .refused = Self.browse(path, .holder(.operator), policy) else {
                Issue.record("\(path ?? "nil") is shown")
                return
            }
        }
        policy.floors[.operator].roots = ["/work/spaceship"]
        let ship = BrowsableDirectory(path: "/work/spaceship", parent: nil, obstacle: nil)
        #expect(Self.browse(nil, .holder(.operator), policy) == .allowed(ship))
    }

    @Test func whereAThreadMayNotWriteIsSaid() {
        let policy = ServerPolicy(
            workspace: "/work", profiles: Machine.profiles,
            protectedPaths: [
                ProtectedPath(name: "STATE_DIR", path: "/work/state", writable: ["/work"], isDirectory: true)
            ], resolveDirectory: { $0 })
        guard case .allowed(let directory) = Self.browse("/work", .holder(.operator), policy) else {
            Issue.record("WORKSPACE is not shown")
            return
        }
        #expect(directory.obstacle?.contains("lies above the server's own STATE_DIR") == true)
        #expect(!policy.mayBeSeen("/work/state", by: .local))
    }
}
