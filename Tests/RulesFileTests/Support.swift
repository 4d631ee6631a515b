import Foundation
import Policy
import RulesFile
import Testing

enum Sample {
    static let defaults = Floors(workspace: "/srv/default")

    /// Existing directories; `/srv/link` is a link.
    static func resolve(_ path: String) -> String? {
        switch path {
        case "/srv/link": "/data/real"
        case "/srv/work", "/srv/logs", "/srv", "/": path
        default: nil
        }
    }

    static func read(_ text: String) throws(RulesFileError) -> RulesFile {
        try RulesFile(text: text, defaults: defaults, resolve: resolve)
    }

    /// The example file of the repository.
    static func example() throws -> String {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(contentsOfFile: "/\(folder)/sre-agent.example.yaml", encoding: .utf8)
    }
}
