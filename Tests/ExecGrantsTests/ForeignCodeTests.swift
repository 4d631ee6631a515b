@testable import ExecGrants
import Testing

/// Variables that make a program run other code than its own.
@Suite struct ForeignCodeTests {
    @Test(arguments: [
        ("BASH_ENV", "/etc/rc"), ("ENV", ""), ("SHELLOPTS", "xtrace"), ("PS4", "$(id)"),
        ("BASH_FUNC_ls%%", "() { id; }"),
        ("LD_LIBRARY_PATH", "/opt/x/lib:"), ("LD_LIBRARY_PATH", ":/x"), ("LD_LIBRARY_PATH", "/x::/y"),
        ("LD_LIBRARY_PATH", "lib"), ("LD_LIBRARY_PATH", "/x;lib"), ("LD_PRELOAD", "x.so"), ("LD_PRELOAD", "/a.so b.so"),
        ("LD_AUDIT", "./a.so"), ("LD_LIBRARY_PATH", "/proc/self/cwd"), ("LD_PRELOAD", "/usr/lib/libjemalloc.so"),
        ("GCONV_PATH", "."), ("LOCPATH", "locale"),
    ])
    func itRunsOtherCode(_ name: String, _ value: String) {
        #expect(ForeignCode.isLoaded(by: name, value))
        let rest = ForeignCode.removed(from: [name: value, "HOME": "/root"])
        #expect(rest["HOME"] == "/root" && !rest.contains { ForeignCode.isLoaded(by: $0.key, $0.value) })
    }

    @Test(arguments: [
        ("LD_LIBRARY_PATH", ""), ("LD_DEBUG", "libs"), ("PATH", "bin"), ("HOME", "x"),
    ])
    func itDoesNot(_ name: String, _ value: String) { #expect(!ForeignCode.isLoaded(by: name, value)) }

    @Test func thePathKeepsItsOtherEntries() {
        #expect(ForeignCode.removed(from: ["PATH": ".:/usr/bin::bin:/proc/self/cwd:/bin"]) == ["PATH": "/usr/bin:/bin"])
    }
}
