import JSON
import JSONRPC
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
            workspace: workspace, profiles: profiles, allowsUnattended: allowsUnattended,
            allowsFullAccess: allowsFullAccess, resolveDirectory: { directories[$0] })
    }
}

extension Actor {
    static let guest = Actor.tokenHolder(name: "ann")
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
