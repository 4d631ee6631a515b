import Policy
import Testing

@Suite struct CommandRulesTests {
    private func verdict(
        _ script: String, _ rules: CommandRule..., directory: String? = "/srv", role: Role? = .operator
    ) throws -> CommandRules.Verdict {
        try CommandRules(rules).verdict(for: script, directory: directory, role: role)
    }

    private func disk() throws -> CommandRule {
        try CommandRule(
            name: "disk", decision: .allow, programs: ["df"], options: ["-h", "-P", "--all"],
            optionsWithValue: ["-t": .oneOf(["ext4", "x*"]), "--type": .oneOf(["ext4"]), "-n": .oneOf(["*"])],
            operands: .oneOf(["/var/*"]), maximumOperands: 2)
    }

    @Test func withoutRulesEverythingIsAsked() throws {
        #expect(try verdict("df") == .ask(rule: nil))
    }

    @Test(arguments: [
        "df", "df -h", "df -hP", "df -PhP", "df --all", "df -t ext4", "df -t xfs", "df --type=ext4", "df --type ext4",
        "df -n20", "df -n 20", "df /var/log /var/lib", "df /var/log -h", "df || df", "df | df && df; df;",
        "'df' \"-h\"",
    ]) func allowed(script: String) throws {
        #expect(try verdict(script, disk()) == .allow(rules: ["disk"]))
    }

    @Test(arguments: [
        // Another program, even one that Swift or a file system might consider equal.
        "DF", "dff", "./df", "/bin/df", "df.", "-df", "''", "'df '", "\\ df",
        // An unlisted option, an unlisted value, an option with a missing or unexpected value.
        "df -k", "df -hk", "df --al", "df --all=x", "df -t", "df -t btrfs", "df -text4", "df --type", "df --type=",
        "df --typ=ext4",
        "df -n20x", "df -hn20", "df -h=", "df -h-", "df -", "df --", "df -- /var/log", "df -t -h", "df '-h '",
        "df -n -h",
        // Operands.
        "df /etc", "df /var", "df /var/log/x", "df /var/..", "df /var/a..b", "df /var/a /var/b /var/c", "df ''",
        // One of several commands.
        "df && id", "id | df", "df; id", "df || id",
        // Not plain commands.
        "df > x", "df $X", "df\n", "df &", "A=b df",
    ]) func asked(script: String) throws {
        #expect(try verdict(script, disk()) == .ask(rule: nil))
    }

    @Test func argumentsThatAreAlwaysAsked() throws {
        let rule = try CommandRule(
            name: "all", decision: .allow, programs: ["find"], subcommands: ["-exec x"],
            options: ["-o", "-k", "-e", "-x"], operands: .any)
        for script in ["find -exec x", "find -ok", "find -exec x a"] {
            #expect(try verdict(script, rule) == .ask(rule: nil))
        }
        for option in [
            "-exec", "--exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprintf", "--output",
            "--output-file",
        ] {
            #expect(throws: CommandRule.Invalid.self) {
                try CommandRule(name: "x", decision: .allow, programs: ["find"], options: [option])
            }
        }
    }

    @Test func subcommandsStandDirectlyAfterTheProgram() throws {
        let rule = try CommandRule(
            name: "k", decision: .allow, programs: ["kubectl"], subcommands: ["get pods", "-n * get pods", "logs"],
            options: ["-p"], optionsWithValue: ["-n": .oneOf(["*"])], operands: .oneOf(["*"]))
        for script in ["kubectl get pods", "kubectl get pods web -n a", "kubectl -n a get pods", "kubectl logs web -p"]
        {
            #expect(try verdict(script, rule) == .allow(rules: ["k"]), "\(script)")
        }
        for script in [
            "kubectl", "kubectl get", "kubectl get secrets", "kubectl get pods,secrets", "kubectl get secret/a",
            "kubectl -p logs get secrets", "kubectl -n get pods", "kubectl -n -p get pods", "kubectl delete pods",
            "kubectl web get pods", "kubectl 'get pods'", "kubectl get pods a/b",
        ] {
            #expect(try verdict(script, rule) == .ask(rule: nil), "\(script)")
        }
    }

    @Test func denyBeatsAskBeatsAllow() throws {
        let allow = try disk()
        let ask = try CommandRule(name: "ask", decision: .ask, programs: ["df"], arguments: ["-P"])
        let deny = try CommandRule(name: "deny", decision: .deny, programs: ["df"], arguments: ["--all"])
        for rules in [[allow, ask, deny], [deny, ask, allow], [ask, allow, deny]] {
            let rules = try CommandRules(rules)
            func verdict(_ script: String) -> CommandRules.Verdict {
                rules.verdict(for: script, directory: nil, role: nil)
            }
            #expect(verdict("df -h") == .allow(rules: ["disk"]))
            #expect(verdict("df -h; df -hP") == .ask(rule: "ask"))
            #expect(verdict("df -P; id; df --all") == .deny(rule: "deny"))
            // Unclear scripts are asked, never denied.
            #expect(verdict("df --all > x") == .ask(rule: nil))
        }
    }

    @Test(arguments: [
        "rm -rf /", "rm -fr /", "rm --recursive /", "rm --rec /", "/bin/rm -r x", "sudo rm -r x",
        "sudo -u root rm -r x", "xargs rm -r",
        "echo x | xargs rm -r", "df; env /bin/rm -r x", "'rm' -r x", "\\rm -r x", "python3.11 rm -r",
    ]) func denyingMatchesWhenInDoubt(script: String) throws {
        let deny = try CommandRule(name: "d", decision: .deny, programs: ["rm"], arguments: ["-r", "--recursive"])
        #expect(try verdict(script, disk(), deny) == .deny(rule: "d"))
    }

    @Test func denyingHasAnEnd() throws {
        let deny = try CommandRule(name: "d", decision: .deny, programs: ["rm"], arguments: ["-r"])
        for script in ["rm x", "echo rm -r", "rmdir -r", "df -h"] {
            #expect(try verdict(script, deny) == .ask(rule: nil), "\(script)")
        }
        let scale = try CommandRule(
            name: "s", decision: .deny, programs: ["kubectl", "mkfs*"], subcommands: ["delete pod*"])
        for script in ["kubectl delete pods", "kubectl -n a delete --now pod/x", "sudo mkfs.ext4 delete pod"] {
            #expect(try verdict(script, scale) == .deny(rule: "s"), "\(script)")
        }
        #expect(try verdict("kubectl get pods", scale) == .ask(rule: nil))
    }

    @Test func directories() throws {
        let allow = try CommandRule(name: "a", decision: .allow, programs: ["df"], directories: ["/srv/a/", "/opt/é"])
        for directory in ["/srv/a", "/srv/a/b", "/srv//a/./b/", "/opt/é"] {
            #expect(try verdict("df", allow, directory: directory) == .allow(rules: ["a"]), "\(directory)")
        }
        // To Swift, the last path equals the second directory; to the file system it is another one.
        for directory in [nil, "", "/", "/srv", "/srv/ab", "/srv/a/../b", "srv/a", "/srv/a\0", "/opt/e\u{301}"] {
            #expect(try verdict("df", allow, directory: directory) == .ask(rule: nil), "\(directory ?? "nil")")
        }
        let ask = try CommandRule(name: "p", decision: .ask, programs: ["*"], directories: ["/srv/p"])
        for directory in [nil, "/srv/p/x", "p", "/srv/p/../q"] {
            #expect(try verdict("df", disk(), ask, directory: directory) == .ask(rule: "p"), "\(directory ?? "nil")")
        }
        #expect(try verdict("df", disk(), ask, directory: "/srv/q") == .allow(rules: ["disk"]))
    }

    @Test func roles() throws {
        let allow = try CommandRule(name: "a", decision: .allow, programs: ["df"], roles: [.approver, .admin])
        #expect(try verdict("df", allow, role: .admin) == .allow(rules: ["a"]))
        #expect(try verdict("df", allow, role: .operator) == .ask(rule: nil))
        #expect(try verdict("df", allow, role: nil) == .ask(rule: nil))
        let deny = try CommandRule(name: "d", decision: .deny, programs: ["df"], roles: [.operator])
        #expect(try verdict("df", disk(), deny, role: .operator) == .deny(rule: "d"))
        #expect(try verdict("df", disk(), deny, role: nil) == .deny(rule: "d"))
        #expect(try verdict("df", disk(), deny, role: .admin) == .allow(rules: ["disk"]))
    }

    @Test(arguments: [
        "bash", "sh", "zsh", "python", "python3", "python3.13", "perl5.36", "eval", "exec", "source", ".", "command",
        "builtin", "env",
        "sudo", "su", "doas", "xargs", "busybox", "watch", "nohup", "nice", "timeout", "ssh", "time", "if", "cd",
        "printf", "test", "hash",
        "[", "!", "trap", "alias", "awk", "sed", "vim", "less", "/bin/df", "./df", "-df", "a=b", "", " ", "df ", "*",
        "d*", "é", "..",
    ]) func programsThatCannotBeAllowed(program: String) {
        #expect { try CommandRule(name: "x", decision: .allow, programs: ["df", program]) } throws: {
            ($0 as? CommandRule.Invalid)?.key == "programs"
        }
    }

    @Test func rulesThatSayNothingOrTooMuch() {
        func key(_ make: () throws(CommandRule.Invalid) -> CommandRule) -> String? {
            do { _ = try make() } catch { return error.key }
            return nil
        }
        func allow(
            name: String = "x", programs: [String] = ["df"], subcommands: [String] = [], options: [String] = [],
            optionsWithValue: [String: CommandRule.Values] = [:], operands: CommandRule.Values = .oneOf([]),
            maximumOperands: Int? = nil, arguments: [String] = [], directories: [String]? = nil, roles: Set<Role>? = nil
        ) -> String? {
            key { () throws(CommandRule.Invalid) in
                try CommandRule(
                    name: name, decision: .allow, programs: programs, subcommands: subcommands, options: options,
                    optionsWithValue: optionsWithValue, operands: operands, maximumOperands: maximumOperands,
                    arguments: arguments, directories: directories, roles: roles)
            }
        }
        #expect(allow() == nil)
        #expect(allow(name: "") == "name")
        #expect(allow(programs: []) == "programs")
        for text in ["", " ", "--failed", "-n *", "get *", "é"] { #expect(allow(subcommands: [text]) == "subcommands") }
        for text in ["", "a", "-", "--", "---a", "-a b", "--a=b", "-*", "--output", "-é"] {
            #expect(allow(options: [text]) == "options")
            #expect(allow(optionsWithValue: [text: .any]) == "optionsWithValue")
        }
        #expect(allow(options: ["-a"], optionsWithValue: ["-a": .any]) == "optionsWithValue")
        #expect(allow(optionsWithValue: ["-a": .oneOf([])]) == "optionsWithValue")
        #expect(allow(optionsWithValue: ["-a": .oneOf(["\n"])]) == "optionsWithValue")
        #expect(allow(operands: .oneOf([""])) == "operands")
        #expect(allow(maximumOperands: -1) == "maximumOperands")
        #expect(allow(arguments: ["-a"]) == "arguments")
        for text in ["", "a", "~/a", "/a/../b", "/a\0"] { #expect(allow(directories: [text]) == "directories") }
        #expect(allow(directories: []) == "directories")
        #expect(allow(roles: []) == "roles")

        #expect(
            key { () throws(CommandRule.Invalid) in
                try CommandRule(name: "x", decision: .deny, programs: ["rm"], options: ["-r"])
            } == "options")
        #expect(
            key { () throws(CommandRule.Invalid) in
                try CommandRule(name: "x", decision: .ask, programs: ["rm"], operands: .any)
            } == "operands")
    }

    @Test func namesAreUnique() throws {
        let rule = try disk()
        #expect(throws: CommandRule.Invalid.self) { try CommandRules([rule, rule]) }
    }
}
