/// Environment variables by which a program runs other code before its own: a shell's startup file, a library.
public enum ForeignCode {
    /// Variables that a shell evaluates.
    private static let ofShells: Set<String> = ["BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4"]

    /// Files and directories that the dynamic linker and the C library load code from: perhaps from the working directory
    /// or another place that commands may write.
    private static let ofLibraries: Set<String> = [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "LOCPATH",
    ]

    /// Whether the variable makes a shell or any program run other code.
    public static func isLoaded(by name: String, _ value: some StringProtocol) -> Bool {
        isOfShell(name) || ofLibraries.contains(name) && !value.isEmpty
    }

    /// The variables without these, and without entries of `PATH` that mean the working directory.
    public static func removed(from environment: [String: String]) -> [String: String] {
        var rest = environment.filter { !isOfShell($0.key) && !ofLibraries.contains($0.key) }
        guard let path = rest["PATH"] else { return rest }
        let kept = path.split(separator: ":").filter { $0.hasPrefix("/") && !$0.hasPrefix("/proc/") }
        rest["PATH"] = kept.isEmpty ? nil : kept.joined(separator: ":")
        return rest
    }

    private static func isOfShell(_ name: String) -> Bool { ofShells.contains(name) || name.hasPrefix("BASH_FUNC_") }
}
