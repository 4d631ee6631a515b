import Testing

// Commands in which a secret, or something that looks like one, is next to a program.
extension MaskingCorpus {
    struct Sample: Sendable, CustomTestStringConvertible {
        let text: String
        let secrets: [String]
        let stays: [String]
        var testDescription: String { String(text.prefix(40)) }

        init(_ text: String, _ secrets: [String], stays: [String] = []) {
            (self.text, self.secrets, self.stays) = (text, secrets, stays)
        }
    }

    /// What runs in each of ``hiding``.
    static let visible = "VISIBLE_1"
    private static let run = "touch " + visible

    static let hiding: [String] =
        headers + keys + quotes + substitutions + values + nested + received + evaluated + kept

    private static let headers: [String] = [
        "echo Authorization: x; \(run)", "echo 'Authorization: Bearer x'; \(run)", "echo Cookie: a=b; \(run)",
        "curl -H Authorization:x h; \(run)", "echo Authorization:x && \(run)", "echo Authorization: Bearer x | \(run)",
        "x='Set-Cookie: '; \(run)", "export COOKIE=a; \(run)", "export AUTHORIZATION=a; \(run)",
        "AUTHORIZATION=a \(run)", "COOKIE=abcdef \(run)", "cookie=abcdefgh && \(run)",
        "X_AUTHORIZATION=abcdefgh | \(run)",
        "AUTHORIZATION=Bearer ./\(visible)", "COOKIE= ./\(visible)", "echo Cookie: a=b; c=d; \(run)",
        "echo Cookie: a=b; c=d \(run)", "echo 'export COOKIE=a; \(run)' | bash", "xargs -I Cookie: \(run)",
        "echo Cookie: a=b; c=$(\(run))", "bash <<E\necho Cookie: a; \(run)\nE", "bash <<< 'echo Cookie: a; \(run)'",
        "cat <<'E' | sudo sh\necho Authorization: Bearer a; \(run)\nE", "ssh h 'echo Cookie: a; \(run)'",
        "eval 'echo Cookie: a; \(run)'", "bash -c 'bash -c \"echo Cookie: a; \(run)\"'",
    ]

    private static let keys: [String] = [
        ": \(begin)\n\(run)\n: \(end)", ": \(begin)\n\(run)", "true \(begin); \(run)", "password: |\n  \(run)",
        "echo 'password: |'\n  \(run)", "echo \"\(begin)\"\n\(run)\necho \"\(end)\"",
    ]

    private static let quotes: [String] = [
        #"echo '{"password":"'; "# + run + #"; echo '"}'"#, "echo password=\\'; \(run); echo \\'",
        "echo password=\"'\"; \(run); echo \"'\"", "echo \"password='\"; \(run); echo \"'\"",
        "echo \"token: '\" ; \(run) ; echo \"'\"", "echo getenv\\(\\'PASSWORD\\', \\'; \(run); echo \\'",
        "sshpass -p '$HX' \(run)", "echo \"secret: '\"\n\(run)\necho \"'\"", "password=\\\"; \(run); x=\\\"",
        "echo '<password>'; \(run); echo '</password>'", "# password='\n\(run)\n: '",
        "cat <<E\npassword='\nE\n\(run)\n: '",
    ]

    private static let substitutions: [String] = [
        "TOKEN=\"$(\(run))\" true", "TOKEN=\"`\(run)`\" true", "curl -u \"x:$(\(run))\" h", "mysql -p\"$(\(run))\" h",
        "curl -H \"Authorization: Bearer $(\(run))\" h", "curl -H \"Cookie: $(\(run))\" h",
        "PASSWORD=a$(touch${IFS}\(visible)) true", "PASSWORD=a`\(run)` true", "echo '$(\(run))' | sudo -S x",
        "echo $(\(run)) | sudo -S x", "sshpass -p \"$(\(run))\" ssh h", "vault kv put a b=\"$(\(run))\"",
        "echo \"$(\(run))\" | docker secret create x -", "--password \"$(\(run))\"", "true --token \"$(\(run))\"",
        "true --token <(\(run))", "passwd <<< \"$(\(run))\"", "cat <<EOF | sudo -S x\n$(\(run))\nEOF",
        "chpasswd <<EOF\nu:$(\(run))\nEOF", "chpasswd <<EOF\nu:a$(\(run))\nEOF", "IDENTIFIED BY \"$(\(run))\"",
        "eyJ$(\(run))",
        "https://u:$(touch${IFS}\(visible))@h", "authorization=$(\(run)) true", "cookie=$(\(run)) true",
        "password=\"a$(case x in x) \(run);; esac)b\"", "password=\"a$(echo \"$(\(run))\")b\"",
        "password=\"${x:-$(\(run))}\"",
        "password=\"a${x:-b$(\(run))}\"", "echo \"password='$(\(run))'\"",
    ]

    private static let values: [String] = [
        "mysql -p;\(run)", "mysql -p&\(run)", "sshpass -p ;\(run)", "PASSWORD=;\(run)", "PASSWORD=a;\(run)",
        "PASSWORD=aaaaaaaa&\(run)", "PASSWORD=aaaaaaaa|\(run)", "PASSWORD=aaaa>x \(run)", "secret: a; \(run)",
        "token: aaaaaaa;\(run)", "https://u:a;touch;\(visible);@h", "SNMP community aaa; \(run)",
        "PASSWORD=x\\\n\(run)",
        "PASSWORD=\\\n; \(run)", "AKIA1234567890123456; \(run)", "password={ \(run); }", "password: a b; \(run)",
        "TOKEN= ./\(visible)", "TOKEN= './\(visible)'", "X=requirepass ./\(visible)", "X=password './\(visible)'",
        "createUser bob SHA abc AES def; \(run)", "createUser bob SHA \(run)", "password=(a b); \(run)",
        "case x in password=*) \(run);; esac", "if password= ./\(visible); then :; fi", "! TOKEN= ./\(visible)",
        "env TOKEN= ./\(visible)", "eval PASSWORD= ./\(visible)", "sudo PASSWORD= ./\(visible)",
        "xargs -I token: ./\(visible)", "xargs -I Cookie: ./\(visible)", "exec -a password: ./\(visible)",
    ]

    /// Inside a script that another program runs.
    private static let nested: [String] = [
        "sudo bash -c 'PASSWORD=a;\(run)'", "su - x --command \"TOKEN=abc|\(run)\"", "trap 'PASSWORD=a;\(run)' EXIT",
        "ssh h bash -c \"\\\"PASSWORD=a;\(run)\\\"\"", "find . -exec sh -c 'PASSWORD=a;\(run)' \\;",
        "$'bash' -c $'PASSWORD=a\\x3b\(run)'",
    ]

    /// Secrets in quotes that span lines.
    static let severalLines: [Sample] =
        [
            "PRIVATE_KEY=\"*\"", "export TLS_KEY='*'", "{\"private_key\":\"*\"}", "private_key: \"*\"",
            "echo \"*\" > k",
            "kubectl create secret generic x --from-literal=tls.key=\"*\"", "vault kv put secret/x key=\"*\"",
            "aws secretsmanager create-secret --secret-string \"*\"", "gh secret set K -b \"*\"",
            "cat > k <<EOF\n*\nEOF",
            "terraform apply -var \"private_key=*\"", "docker run -e \"SSH_PRIVATE_KEY=*\" x", "jq --arg key \"*\" x",
            "ssh-add - <<< '*'", "private_key: \"*", "--private-key '*' now", "x='{\"private_key\":\"*\"}'",
        ].map { Sample($0.replacing("*", with: key), lines) }
        + [
            Sample("ssh_private_key: |\n  " + key.replacing("\n", with: "\n  "), lines),
            Sample("{\"private_key\":\"" + key.replacing("\n", with: "\\n") + "\"}", lines),
            Sample("\"{\\\"private_key\\\":\\\"" + key.replacing("\n", with: "\\\\n") + "\\\"}\"", lines),
            Sample("password=\"sword\n\(word)\" x", [word]),
            Sample("DB_PASSWORD='a1\n\(word)' now1", [word], stays: ["now1"]),
            Sample("curl -d \"password=a1\n\(word)\" h", [word]),
            Sample("mysql -p\"a\n\(word)\" now1", [word], stays: ["now1"]),
            Sample("secret: 'a1\n  \(word)'", [word]), Sample("DB_PASSWORD=$'a1\n\(word)' x", [word]),
        ]

    /// A separator in quotes does not end the command.
    static let separated: [Sample] = [
        "curl -H 'Accept: text/html;q=0.9, */*;q=0.8' -u admin:% https://h/",
        "mysql -h h -u root -e 'use db; select 1' -p%",
        "curl -H 'Content-Type: application/json; charset=utf-8' -u admin:% https://h/",
        "curl -H 'Content-Type: application/json;charset=utf-8' -d '{}' -u admin:% https://h/",
        "curl -X POST -d '{\n \"a\": 1\n}' -u admin:% https://h/", "redis-cli -h h --eval 'a;b' -a %",
        "curl https://h/?a=1\\&b=2 -u x:%", "docker login r -u 'robot$a|b' -p %", "docker login -u \"a;b\" -p %",
        "ldapsearch -b '(&(a=b)(|(c=d)(e=f)))' -D x -w %", "ldapsearch -D x '(|(a=b)(c=d))' -w %",
        "mysql --execute=\"show grants; show status\" -p%", "sqlcmd -Q 'select 1; select 2' -P %",
        "mongosh --eval 'a(); b()' -u u -p %", "htpasswd -b 'a;b' u %", "zip -r 'a&b.zip' x -P %",
        "curl \"http://h/?a|b\" -u x:%",
    ].map { Sample($0.replacing("%", with: word), [word]) }

    private static let begin = "-----BEGIN " + "RSA PRIVATE KEY-----"
    private static let end = "-----END " + "RSA PRIVATE KEY-----"
    private static let lines = [fake("MIIE", 60), fake("aB3d", 60), fake("Zz9y", 14) + "=="]
    private static let key = ([begin] + lines + [end]).joined(separator: "\n")
}
