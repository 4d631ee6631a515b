/// Environment variables by which a program runs other code before its own: a shell's startup file, a library.
public enum ForeignCode {
    /// Variables that a shell evaluates.
    private static let ofShells: Set<String> = ["BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4"]

    /// Lists of files or directories that the dynamic linker and the C library load code from. An empty or relative entry
    /// means the working directory, which may be a repository.
    private static let lists: Set<String> = ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "LOCPATH"]

    /// Whether the variable makes a shell run other code, or a program load code from its working directory.
    public static func isLoaded(by name: String, _ value: String) -> Bool {
        if isOfShell(name) { return true }
        return lists.contains(name) && !value.isEmpty && entries(of: value).contains { !isFixed($0) }
    }

    /// The variables without those that a shell evaluates, and without entries of lists, `PATH` included, that mean the
    /// working directory.
    public static func removed(from environment: [String: String]) -> [String: String] {
        var rest = environment.filter { !isOfShell($0.key) }
        for name in lists.union(["PATH"]) {
            guard let value = rest[name] else { continue }
            let kept = entries(of: value).filter(isFixed)
            rest[name] = kept.isEmpty ? nil : kept.joined(separator: ":")
        }
        return rest
    }

    private static func isOfShell(_ name: String) -> Bool { ofShells.contains(name) || name.hasPrefix("BASH_FUNC_") }

    private static func entries(of value: String) -> [Substring] {
        value.split(separator: ":", omittingEmptySubsequences: false)
    }

    /// `$ORIGIN` is the directory of the program.
    private static func isFixed(_ entry: Substring) -> Bool {
        ["/", "$ORIGIN", "${ORIGIN}"].contains { entry.hasPrefix($0) } && !entry.contains { $0 == " " || $0 == ";" }
    }
}
