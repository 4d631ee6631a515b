/// Programs by what they do with the words and the input of a command.
enum CommandPrograms {
    /// They run a program that their first operand names.
    static let wrappers: Set<PackedWord> = [
        "eval", "ssh", "env", "sudo", "doas", "xargs", "nohup", "exec", "command", "builtin", "nice", "timeout",
        "setsid", "stdbuf", "watch", "time", "ionice", "chrt", "taskset", "unshare", "setpriv", "systemd-run",
        "busybox",
        "coproc", "strace",
    ]
    /// They run a program that any further operand may name.
    static let runners: Set<PackedWord> = [
        "docker", "podman", "nerdctl", "kubectl", "oc", "nsenter", "chroot", "flatpak", "lxc", "machinectl", "crictl",
    ]
    /// A here-document of theirs runs on the other side.
    static let remotes: Set<PackedWord> = ["ssh", "su", "chroot", "nsenter"]
    /// They pass text on as it is.
    static let copiers: Set<PackedWord> = ["echo", "printf", "cat", "tee", "pv", "sudo", "doas", "nohup", "yes"]
    /// The name of a program may follow them.
    static let reserved: Set<PackedWord> = [
        "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "case", "esac", "time", "coproc", "!", "{",
        "}",
    ]
    static let opening: Set<PackedWord> = ["if", "while", "until", "for", "select", "case", "{"]
    static let closing: Set<PackedWord> = ["fi", "done", "esac", "}"]
    /// Letters of options of ``wrappers`` and shells that take the next word.
    static let argumentLetters = Array("ugpCTrthRDUoOnIkPLdEs".utf8)
}
