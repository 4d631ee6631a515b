import JSON

extension CallPlace {
    /// Asks the file system. `place` is the thread's place, if known.
    init(_ input: HookInput, _ place: ThreadPlace?, cwd: String?, _ policy: ServerPolicy) {
        let base = Self.base(input, place, cwd: cwd, policy)
        self.init(
            directory: Self.directory(input, base, policy), roots: [base] + (place?.roots ?? []))
    }

    private static func directory(_ input: HookInput, _ base: String, _ policy: ServerPolicy) -> String? {
        guard let path = input.directory.path else { return nil }
        let own = CommandDirectory.resolved(input.cwd, in: "/")
        let isBelow = ServerPolicy.contains(own, path)
        let named = isBelow ? base + path.utf8.dropFirst(own == "/" ? 0 : own.utf8.count).string : path
        // If the thread's directory has been replaced, the paths below it are not what the call meant, so they stay
        // unresolved.
        let isMoved = isBelow && !(policy.resolveDirectory(base)?.isIdentical(to: base) ?? false)
        return isMoved ? named : policy.resolveDirectory(named) ?? named
    }

    /// The thread's directory. Sub-agents and reviews have threads of their own, mostly in the same directory.
    private static func base(
        _ input: HookInput, _ place: ThreadPlace?, cwd: String?, _ policy: ServerPolicy
    ) -> String {
        let own = CommandDirectory.resolved(input.cwd, in: "/")
        if let place {
            let named = cwd.map { CommandDirectory.resolved($0, in: "/") } ?? ""
            if own.isIdentical(to: named) { return place.directory }
            // Unresolved: a link in the path stops what starts.
            return own
        }
        guard let resolved = policy.resolveDirectory(own), policy.exposed(to: resolved) == nil else { return own }
        return resolved
    }
}

extension Substring.UTF8View {
    fileprivate var string: String { String(Substring(self)) }
}
