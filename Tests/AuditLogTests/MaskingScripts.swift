// Texts that a program runs although they look like a secret.
extension MaskingCorpus {
    private static let run = "touch " + visible
    /// As the first word, which the place of a password would hide.
    private static let program = "./" + visible

    /// Input of a shell or an interpreter, also where a password is read first.
    static let received: [String] = [
        "echo '\(run)' | sudo -S sh", "printf 'pw\\n\(run)\\n' | sudo -S sh", "echo '\(run); id' | sudo -kS bash",
        "sudo -S sh <<< '\(run)'", "echo '\(run)' | sudo -S -u root bash -s", "echo '\(run)' | ssh h 'sudo -S sh'",
        "echo '\(run)' | sudo -S env A=b nice sh", "echo '\(run)' | sudo -S $SHELL", "echo '\(run)' | (sudo -S sh)",
        "echo '\(run)' | sudo -S docker exec -i c sh", "echo '\(run)' | { cat; sudo -S sh; }",
        "{ sudo -S sh; } <<< '\(run)'", "echo '\(run)' | sudo -S python3.12 -", "echo '\(run)' | sudo -S at now",
        "echo '\(run)' | sudo -S bash -o pipefail", "echo '\(run)' | tee >(sudo -S sh)",
        "f() { sudo -S sh; }; echo '\(run)' | f", "echo '\(run)' | sudo -S bash -c 'cat | sh'",
        "echo \(program) now | sh # docker login --password-stdin",
        "echo \(program) now | bash -s -- docker login --password-stdin",
        "at now <<< 'PASSWORD=x; \(run)'", "crontab - <<< '* * * * * PASSWORD=x \(run)'",
        "echo 'password: \(program) a' | sed 's/password: //' | sh", "echo 'password=\(program) a' | cut -d= -f2 | sh",
        "cut -d= -f2 <<< 'password=\(program) a' | sh", "cut -d= -f2 <<E | sh\npassword=\(program) a\nE",
        ". <(echo 'PASSWORD=x; \(run)')", "source <(printf 'TOKEN=abc\\n\(run)\\n')",
        "bash <(echo 'PASSWORD=x; \(run)')",
        "bash -c \"$(echo 'PASSWORD=x; \(run)')\"", "eval \"$(echo 'PASSWORD=x; \(run)')\"",
    ]

    /// Arguments of options, and operands.

    static let evaluated: [String] = [
        "env -S \"PASSWORD=x \(run)\"", "env -S\"PASSWORD=x \(run)\"", "env -vS 'PASSWORD=x \(run)'",
        "env --split-string='PASSWORD=x \(run)'", "env --split 'PASSWORD=x \(run)'",
        "mapfile -C 'PASSWORD=x; \(run) #' -c 1 <<< a", "compgen -C 'PASSWORD=x; \(run)'",
        "ansible all -m shell -a 'PASSWORD=x; \(run)'", "tmux new -d 'PASSWORD=x; \(run)'",
        "parallel ::: 'PASSWORD=x; \(run)'", "su -c'PASSWORD=x; \(run)'", "git -c alias.token='!\(run)' token",
        "git -c 'alias.api-key=!bash -c \"\(run)\"' api-key", "sed 's/password=.*/\(program) a/e' <<< password=x",
        "sed 's|token: .*|\(run)|ge' f", "redis-cli AUTH $(\(run))", "redis-cli AUTH $(bash -c '\(run)')",
        "openssl passwd $(\(run))", "htpasswd -nb a `\(run)`", "vault login $(\(run))",
    ]

    /// Values and parameters that run later in the command.
    static let kept: [String] = [
        "set -- --token \(program) a; shift; \"$@\"", "set -- --password \(program) a; \"${@:2}\"",
        "bash -c '\"$@\"' --token \(program) a", "bash -c '$1 $2' --password \(program) a",
        "sh -c 'exec \"$@\"' --api-key \(program) a", "f() { shift; \"$@\"; }; f --token \(program)",
        "a=(--token \(program)); \"${a[@]:1}\"", "TOKEN=\(program); $TOKEN a", "export TOKEN=\(program); sudo $TOKEN a",
        "TOKEN='x; \(run)'; eval \"$TOKEN\"", "TOKEN='x; \(run)'; bash -c \"echo $TOKEN\"",
        "TOKEN='x; \(run)'; sh <<< \"$TOKEN\"", "TOKEN='a[$(\(run))]'; echo $((TOKEN))",
    ]

    /// Passwords that another program reads, and values that no script runs.
    static let unrun: [Secret] = [
        Secret("echo ", word, " | sudo -S systemctl restart x"),
        Secret("echo ", word, " | sudo -S -u root apt upgrade"),
        Secret("echo ", word, " | sudo -S bash ./deploy"), Secret("echo ", word, " | sudo -S bash -c 'apt upgrade'"),
        Secret("echo '", word, "' | sudo -S apt install python3"), Secret("sudo -S ls <<< ", word),
        Secret("echo ", word, " | docker login -u a --password-stdin; curl h | bash"),
        Secret("bash -c '\"$1\" --version' x; mysql --password ", word),
        Secret("DB_PASSWORD=", word, " bash -c 'mysql -p$DB_PASSWORD'"),
        Secret("DB_PASSWORD=", word, "; ssh h \"mysql -p$DB_PASSWORD\""), Secret("set -- --token ", word, "; f x"),
        Secret("ansible all -m user -a \"name=bob password=", word, "\""), Secret("env -S 'PASSWORD=", word, " ls'"),
        Secret("sed -i 's/password=.*/password=", word, "/' app.conf"), Secret("ssh h 'mysql --password ", word, "'"),
        Secret("git -c http.proxy=http://u:", word, "@h fetch"), Secret("tmux new -d 'mysql -p", word, "'"),
    ]
}
