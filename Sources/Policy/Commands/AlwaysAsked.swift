/// What no rule can allow.
enum AlwaysAsked {
    /// Programs that run what their arguments or their input say. Allowing such a program would allow everything.
    static func program(_ program: String) -> Bool {
        // `python3.13` counts as python.
        let family = program.utf8.reversed().drop { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
        return programs.contains(program) || programs.contains(String(decoding: family.reversed(), as: UTF8.self))
            || ShellParser.reservedWords.contains(program)
    }

    /// Could this be the name of a program? A path is not: the name does not tell which file is there. Neither is a
    /// name of only digits or dots.
    static func isProgramName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || "._+-".utf8.contains($0) }
    }

    /// Arguments that run a program, or delete or write a file, in many programs.
    static func argument(_ word: String) -> Bool { argumentPrefixes.contains { word.utf8.starts(with: $0.utf8) } }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    private static let argumentPrefixes = [
        "-exec", "--exec", "-ok", "-delete", "--delete", "-fprint", "-fls", "--output", "--to-command",
        "--use-compress",
        "--compress-program", "--checkpoint-action", "--rsh", "--pager",
    ]

    private static let programs: Set<String> = [
        // Shell builtins that change the meaning of later commands, or run their arguments.
        ".", ":", "[", "alias", "autoload", "bg", "bind", "break", "builtin", "caller", "cd", "chdir", "command",
        "compgen",
        "complete", "compopt", "continue", "declare", "dirs", "disable", "disown", "emulate", "enable", "eval", "exec",
        "exit", "export", "fc", "fg", "float", "functions", "getopts", "hash", "history", "integer", "jobs", "let",
        "local",
        "logout", "mapfile", "popd", "print", "printf", "pushd", "read", "readarray", "readonly", "return", "sched",
        "set",
        "setopt", "shift", "shopt", "source", "suspend", "test", "trap", "typeset", "ulimit", "umask", "unalias",
        "unset",
        "unsetopt", "wait", "zcompile", "zmodload",
        // Programs that run another program.
        "at", "batch", "busybox", "capsh", "catchsegv", "cgexec", "chpst", "chroot", "chrt", "choom", "coreutils",
        "crontab", "cpulimit", "daemonize", "dbus-launch", "dbus-run-session", "doas", "env", "entr", "expect",
        "faketime",
        "fakeroot", "flock", "gdb", "gosu", "i386", "ionice", "ld.so", "linux", "lldb", "ltrace", "make", "nice",
        "ninja",
        "nohup", "nsenter", "numactl", "parallel", "perf", "pkexec", "prlimit", "proot", "proxychains", "rlwrap",
        "run0",
        "run-parts", "runcon", "runuser", "schedtool", "screen", "script", "setarch", "setpriv", "setsid", "setuidgid",
        "sg", "socat", "softlimit", "start-stop-daemon", "stdbuf", "strace", "su", "su-exec", "sudo", "sudoedit",
        "systemd-run", "systemd-nspawn", "taskset", "tclsh", "time", "timeout", "tmux", "toybox", "tsocks", "unbuffer",
        "unshare", "valgrind", "watch", "watchexec", "x86_64", "xargs",
        // Shells, interpreters, and programs whose language can run others.
        "ash", "awk", "bash", "bun", "bwrap", "csh", "dash", "deno", "ed", "elvish", "emacs", "erl", "ex", "fish",
        "gawk",
        "groovy", "irb", "java", "jjs", "jshell", "julia", "ksh", "less", "lua", "luajit", "mawk", "mksh", "more",
        "man",
        "most", "nano", "nawk", "node", "nodejs", "nu", "nvim", "octave", "oksh", "osascript", "perl", "pdb", "php",
        "pico",
        "posh", "pry", "pwsh", "pypy", "python", "rbash", "rc", "rksh", "rscript", "Rscript", "R", "ruby", "rvim",
        "scala",
        "sed", "sh", "swift", "tcsh", "vi", "view", "vim", "vimdiff", "wish", "xonsh", "yash", "zsh", "zsh-static",
        // Programs that run something on another machine or elsewhere.
        "ansible", "autossh", "chronic", "dbclient", "mosh", "nc", "ncat", "netcat", "pdsh", "rsh", "rexec", "rlogin",
        "rsync", "scp", "sftp", "slogin", "ssh", "sshpass", "telnet",
        // Programs that fetch a program and run it.
        "npx", "pipx", "uvx",
    ]
}
