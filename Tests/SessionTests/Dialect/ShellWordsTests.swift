@testable import Session
import Testing

/// Extracts the script from a shell's command line.
@Suite struct ShellWordsTests {
    @Test(arguments: [
        ("/bin/bash -lc 'df -h /'", "df -h /"), ("bash -c 'ls'", "ls"), ("/bin/sh -c ls", "ls"),
        ("zsh -lc \"ls\"", "ls"),
        ("/usr/bin/bash -lc 'echo $HOME | cat'", "echo $HOME | cat"), (#"bash -lc "say \"hi\"""#, #"say "hi""#),
        (#"bash -lc 'it'\''s'"#, "it's"), (#"bash -lc 'it'"'"'s'"#, "it's"),
        (#"bash -lc "a\$b\`c\\d\e""#, #"a$b`c\d\e"#),
        (#"bash -lc ls\ -l"#, "ls -l"), ("bash -lc ''", ""), ("/bin/bash -lc 'a\nb'", "a\nb"),
        ("bash -lc 'bash -lc ls'", "bash -lc ls"), ("bash -lc 'é 😀'", "é 😀"),
    ])
    func aScriptIsTakenOutOfItsShell(_ command: String, _ script: String) {
        #expect(ShellWords.unwrapped(command) == script)
    }

    @Test(arguments: [
        "ls", "", "it's", "''", "'", "a'b'c''", "a\nb", "a\r\nb", "$(x) `y` \\ \"z\"", "é😀", "it'\u{301}s", "\u{200D}'",
        "\0",
        "bash -lc 'ls'",
    ])
    func aScriptComesOutOfItsShellAsItWentIn(_ script: String) {
        let unwrapped = ShellWords.unwrapped(ShellWords.wrapped(script))
        #expect(Array(unwrapped.utf8) == Array(script.utf8))
    }

    /// If the command line is not simply one quoted script, a person must see all of it.
    @Test(arguments: [
        "ls -l", "", "bash", "bash -lc", "bash script.sh", "bash -lc 'ls' extra", "bash -lc 'ls'; rm x",
        "bash -lc ls;rm",
        "bash -lc 'ls' && rm", "bash -lc 'ls", #"bash -lc "ls"#, "bash -lc $(evil)", "bash -lc \"$(evil)\"",
        "bash -lc \"`evil`\"", "bash -lc `evil`", "bash -lc a|b", "bash -lc a>b", "bash -lc a\nb", "bash -lc a\tb",
        "bash -lc *", "bash -lc ~/x", "bash -lc #x", "bash -lc (a)", "bash -lc a&", "bash -ilc 'ls'", "bash -l -c 'ls'",
        "env bash -lc 'ls'", " bash -lc 'ls'", "bashx -lc 'ls'", #"bash -lc ls\"#, "bash -lc a\r\nb",
        "bash -lc 'a'\r\nb",
    ])
    func everythingElseStaysAsItIs(_ command: String) {
        #expect(ShellWords.unwrapped(command) == command)
    }
}
