import JSON
import JSONRPC
import Policy
@testable import Session

/// The simulated machine of the tests.
enum Machine {
    static let workspace = "/work/space"

    /// The directories' names and the paths that they resolve to.
    private static let directories = [
        "/": "/", "/work": "/work", "/work/space": "/work/space", "/work/space/": "/work/space",
        "/work/space/app": "/work/space/app", "/work/space/app/../..": "/work", "/work/space/way-out": "/etc",
        "/work/spaceship": "/work/spaceship", "/etc": "/etc", "/home/ann/link/app": "/work/space/app",
        "/work/space/state": "/work/space/state", "/codex/skills": "/codex/skills",
    ]

    /// The same for regular files.
    private static let regularFiles = [
        "/work/space/a.png": "/work/space/a.png", "/work/space/app/../a.png": "/work/space/a.png",
        "/home/ann/link/app/b.png": "/work/space/app/b.png", "/work/spaceship/a.png": "/work/spaceship/a.png",
        "/work/space/link.png": "/etc/passwd", "/work/space/way-out/passwd": "/etc/passwd",
        "/etc/passwd": "/etc/passwd",
        "/work/space/way-out/../a.png": "/a.png", "/work/a.png": "/work/a.png", "/work/space/../a.png": "/work/a.png",
        "/work/space/state/token": "/work/space/state/token", "/work/space/token.png": "/work/space/state/token",
        "/work/space/.env": "/work/space/env-of-today", "/work/space/env-of-today": "/work/space/env-of-today",
        "/codex/skills/x/SKILL.md": "/codex/skills/x/SKILL.md", "/codex/auth.json": "/codex/auth.json",
        "/work/space/x/SKILL.md": "/codex/skills/x/SKILL.md", "/proc/7/environ": "/proc/7/environ",
    ]

    static let files = ServerFiles(
        secrets: ["/work/space/state", "/work/space/.env", "/codex/auth.json", "/proc"], skills: ["/codex/skills"],
        resolve: { regularFiles[$0] })

    static let profiles = PermissionProfiles(suffix: "7f")

    static func policy(allowsUnattended: Bool = false, allowsFullAccess: Bool = false) -> ServerPolicy {
        ServerPolicy(
            workspace: workspace, profiles: profiles,
            floors: Floors(
                workspace: workspace, allowsUnattended: allowsUnattended, allowsFullAccess: allowsFullAccess),
            files: files, resolveDirectory: { directories[$0] })
    }
}

extension Principal {
    static func holder(_ role: Role) -> Principal { Principal(.token(id: role.rawValue, name: "ann"), role: role) }

    /// A remote admin.
    static let guest = Principal.holder(.admin)
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Returns the error that `body` throws.
func refusal<Value>(_ body: () throws(ErrorReply) -> Value) -> ErrorReply? {
    do throws(ErrorReply) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
