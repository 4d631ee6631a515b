import Agent
import Edge
import JSON
import Session

extension Subdirectories {
    /// What a principal may see in a directory.
    func listing(_ path: String?, _ policy: ServerPolicy, _ principal: Principal) -> EdgeContext.Status.Directories {
        let directory: BrowsableDirectory
        switch policy.browse(path, for: principal) {
        case .allowed(let allowed): directory = allowed
        case .refused(let message): return .refused(message)
        case .invalid(let message): return .invalid(message)
        }
        guard let found = list(directory.path, where: { policy.mayBeSeen($0, by: principal) }) else {
            return .invalid("The agent's user cannot read \"\(directory.path)\".")
        }
        return .found([
            "path": .string(directory.path), "parent": directory.parent.map { .string($0) } ?? .null,
            "obstacle": directory.obstacle.map { .string($0) } ?? .null,
            "directories": .array(found.entries.map { ["name": .string($0.name), "path": .string($0.path)] }),
            "isCut": .bool(found.isCut),
        ])
    }
}
