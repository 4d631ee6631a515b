@testable import ExecGrants
import Testing

/// Variables that make a program run other code than its own.
@Suite struct ForeignCodeTests {
    @Test(arguments: [
        ("BASH_ENV", "/etc/rc"), ("ENV", ""), ("SHELLOPTS", "xtrace"), ("PS4", "$(id)"),
        ("BASH_FUNC_ls%%", "() { id; }"),
        ("LD_LIBRARY_PATH", "/opt/x/lib:"), ("LD_LIBRARY_PATH", ":/x"), ("LD_LIBRARY_PATH", "/x::/y"),
        ("LD_LIBRARY_PATH", "lib"), ("LD_LIBRARY_PATH", "/x;lib"), ("LD_PRELOAD", "x.so"), ("LD_PRELOAD", "/a.so b.so"),
        ("LD_AUDIT", "./a.so"), ("GCONV_PATH", "."), ("LOCPATH", "locale"),
    ])
    func itRunsOtherCode(_ name: String, _ value: String) {
        #expect(ForeignCode.isLoaded(by: name, value))
        let rest = ForeignCode.removed(from: [name: value, "HOME": "/root"])
        #expect(rest["HOME"] == "/root" && !rest.contains { ForeignCode.isLoaded(by: $0.key, $0.value) })
    }

    @Test(arguments: [
        ("LD_LIBRARY_PATH", "/opt/x/lib"), ("LD_LIBRARY_PATH", ""), ("LD_LIBRARY_PATH", "$ORIGIN/../lib:/x"),
        ("LD_PRELOAD", "/usr/lib/libjemalloc.so"), ("LD_DEBUG", "libs"), ("PATH", "bin"), ("HOME", "x"),
    ])
    func itDoesNot(_ name: String, _ value: String) { #expect(!ForeignCode.isLoaded(by: name, value)) }

    @Test func listsKeepTheirOtherEntries() {
        let rest = ForeignCode.removed(from: [
            "LD_LIBRARY_PATH": "/x::lib:/y", "PATH": ".:/usr/bin:", "LD_PRELOAD": "a.so",
        ])
        #expect(rest == ["LD_LIBRARY_PATH": "/x:/y", "PATH": "/usr/bin"])
    }
}
