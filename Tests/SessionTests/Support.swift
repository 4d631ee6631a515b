import JSON
import JSONRPC
import Policy
@testable import Session

/// The machine that the tests pretend to run on.
enum Machine {
    static let workspace = "/work/space"

    /// Directories as they are named, and where they lead.
    private static let directories = [
        "/": "/", "/work": "/work", "/work/space": "/work/space", "/work/space/": "/work/space",
        "/work/space/app": "/work/space/app", "/work/space/app/../..": "/work", "/work/space/way-out": "/etc",
        "/work/spaceship": "/work/spaceship", "/etc": "/etc", "/home/ann/link/app": "/work/space/app",
    ]

    static let profiles = PermissionProfiles(suffix: "7f")

    static func policy(allowsUnattended: Bool = false, allowsFullAccess: Bool = false) -> ServerPolicy {
        ServerPolicy(
            workspace: workspace, profiles: profiles,
            floors: Floors(
                workspace: workspace, allowsUnattended: allowsUnattended, allowsFullAccess: allowsFullAccess),
            resolveDirectory: { directories[$0] })
    }
}

extension Actor {
    static func holder(_ role: Role) -> Actor { Actor(.token(id: role.rawValue, name: "ann"), role: role) }

    /// An admin who is not local.
    static let guest = Actor.holder(.admin)
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// The error that `body` throws.
func refusal<Value>(_ body: () throws(ErrorReply) -> Value) -> ErrorReply? {
    do throws(ErrorReply) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
