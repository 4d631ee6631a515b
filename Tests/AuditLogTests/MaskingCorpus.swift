import Testing

/// Obviously false secrets in realistic surroundings, and harmless texts that look like secrets.
enum MaskingCorpus {
    struct Secret: Sendable, CustomTestStringConvertible {
        let text: String
        let secret: String
        /// Text that must stay readable.
        let stays: [String]
        var testDescription: String { String(text.prefix(40)) }

        init(_ before: String, _ secret: String, _ after: String = "", stays: [String] = []) {
            text = before + secret + after
            self.secret = secret
            self.stays = stays
        }
    }

    static func fake(_ prefix: String, _ count: Int) -> String {
        prefix + String(repeating: "Fake0Fake1", count: count / 10 + 1).prefix(count)
    }

    private static let jwt =
        "ey" + "JhbGciOiJIUzI1NiJ9" + "." + "ey" + "JzdWIiOiJmYWtlIn0" + "." + "RmFrZVNpZ25hdHVyZTEyMw"
    private static let github = fake("gh" + "p_", 36)
    private static let aws = "AK" + "IA" + "FAKEFAKEFAKE1234"
    private static let awsSecret = "Fake/Fake+" + String(repeating: "Fake012345", count: 3)
    static let word = "swordfish"

    static let secrets =
        surroundings + programs + operands + names + places + tokens + hashes + inputs + devices + words + unrun + daily
    static let harmless = ordinary + lookAlikes + neighbours + harmlessWords + harmlessDaily

    private static let surroundings: [Secret] = [
        // Command lines.
        Secret(
            "curl -H 'Authorization: Bearer ", fake("", 30), "' https://api.example.com/v1", stays: ["api.example.com"]),
        Secret(
            #"curl -H "Authorization: Basic "#, "ZmFrZTpmYWtl", #"" https://x.example"#, stays: ["https://x.example"]),
        Secret("curl -u alice:", word, " https://x.example", stays: ["curl -u alice:", "https://x.example"]),
        Secret("curl --user 'alice:", word, "' https://x.example", stays: ["alice"]),
        Secret("curl -H 'X-Api-Key: ", fake("", 24), "' https://x.example", stays: ["X-Api-Key"]),
        Secret("curl -H 'PRIVATE-TOKEN: ", fake("", 20), "' https://gitlab.example"),
        Secret("curl -b 'Cookie: sid=", fake("", 20), "; a=b'"),
        Secret("curl https://x.example/hook?access_token=", fake("", 20), "&page=2", stays: ["&page=2"]),
        Secret("mysql -u root -p", word, " shop -e 'select 1'", stays: ["mysql -u root -p", "select 1"]),
        Secret("mysqldump -p'", word, "' shop > /tmp/x", stays: ["/tmp/x"]),
        Secret("mysql --password=", word, " shop", stays: ["shop"]),
        Secret("PGPASSWORD=", word, " psql -h db", stays: ["psql -h db"]),
        Secret("psql postgres://app:", word, "@db:5432/shop", stays: ["postgres://app:", "@db:5432/shop"]),
        Secret("redis-cli -h cache -a ", word, " info", stays: ["redis-cli -h cache", "info"]),
        Secret("redis://:", word, "@cache:6379/0"),
        Secret("sshpass -p ", word, " ssh root@host", stays: ["ssh root@host"]),
        Secret("sshpass -p '", "sword fish", "' ssh root@host", stays: ["ssh root@host"]),
        Secret("docker login -u bob -p ", word, " registry.example", stays: ["registry.example"]),
        Secret("docker run -e DB_PASSWORD=", word, " -p 80:80 nginx", stays: ["-p 80:80 nginx"]),
        Secret("git clone https://bob:", fake("", 20), "@git.example/r.git", stays: ["@git.example/r.git"]),
        Secret("git clone https://", fake("x", 30), "@git.example/r.git"),
        Secret("git clone https://x-access-token:", github, "@github.com/a/b"),
        Secret("gh auth login --with-token ", github),
        Secret("vault login ", "hv" + "s." + fake("", 24)),
        Secret("deploy --token ", fake("", 12), " --env prod", stays: ["--env prod"]),
        Secret("deploy --api-key '", word, "' --env prod", stays: ["--env prod"]),
        Secret("keytool -storepass ", word, " -list", stays: ["-list"]),
        Secret("openssl rsa -passin pass:", word, " -in k.pem", stays: ["-in k.pem"]),
        Secret("mongosh -u admin -p ", word, " mongodb://h", stays: ["mongodb://h"]),
        Secret("mongodb+srv://u:", "p%40ss1", "@cluster.example/db", stays: ["@cluster.example/db"]),
        Secret("ldapsearch -D cn=admin -w ", word, " -b dc=x", stays: ["dc=x"]),
        Secret("export GH_TOKEN=", github, "; gh pr list", stays: ["gh pr list"]),
        Secret("wget --http-password=", word, " https://x.example", stays: ["https://x.example"]),
        Secret("psql -c \"ALTER USER app PASSWORD '", word, "'\"", stays: ["ALTER USER app"]),
        Secret("CREATE USER app IDENTIFIED BY '", word, "';", stays: ["CREATE USER app"]),
        Secret("amqp://guest:", word, "@mq//"),
        // Environment dumps.
        Secret("HOME=/root\nOPENAI_API_KEY=", fake("sk" + "-proj-", 40), "\nLANG=C", stays: ["HOME=/root", "LANG=C"]),
        Secret("ANTHROPIC_API_KEY=", fake("sk" + "-ant-api03-", 40)),
        Secret("AWS_ACCESS_KEY_ID=", aws, "\nAWS_REGION=eu-west-1", stays: ["eu-west-1"]),
        Secret("AWS_SECRET_ACCESS_KEY=", awsSecret, "\nX=1", stays: ["X=1"]),
        Secret("AWS_SESSION_TOKEN=", fake("", 80)),
        Secret("\(aws) ", awsSecret),
        Secret("aws_secret_access_key = ", awsSecret),
        Secret("NPM_TOKEN=", fake("np" + "m_", 36)),
        Secret("HF_TOKEN=", fake("h" + "f_", 34)),
        Secret("STRIPE=", fake("sk" + "_live_", 24)),
        Secret("GOOGLE=", fake("AI" + "za", 35)),
        Secret("DJANGO_SECRET_KEY='", "fake!fake#fake", "'"),
        Secret("SESSION_SECRET=", word, "\nTERM=xterm", stays: ["TERM=xterm"]),
        Secret("DATABASE_URL=postgresql://app:", word, "@db/shop", stays: ["@db/shop"]),
        // YAML, JSON, INI.
        Secret("db:\n  user: app\n  password: ", word, "\n  port: 5432", stays: ["user: app", "port: 5432"]),
        Secret("password: ", "correct horse battery", "\nuser: a", stays: ["user: a"]),
        Secret("  token: ", fake("", 20), "\n", stays: ["token: "]),
        Secret(#"{"user":"a","password":""#, word, #"","port":1}"#, stays: [#""port":1"#]),
        Secret(#"{\"clientSecret\": \""#, word, #"\", \"id\": 1}"#, stays: ["id"]),
        Secret(#"{"Authorization": "Bearer "#, fake("", 20), #"", "Accept": "text/html"}"#, stays: ["text/html"]),
        Secret("[db]\npassword = ", word, "\nport = 1", stays: ["port = 1"]),
        Secret("//registry.npmjs.org/:_authToken=", fake("np" + "m_", 36)),
        Secret("machine x.example login bob password ", word, "\n", stays: ["login bob"]),
        Secret("Server=db;Uid=sa;Pwd=", word, ";Encrypt=yes", stays: ["Encrypt=yes"]),
        // Logs and prose.
        Secret("2026-01-01 INFO token is ", github, " ok", stays: ["INFO", " ok"]),
        Secret("remote: ", fake("github" + "_pat_", 60)),
        Secret("got ", fake("gh" + "o_", 36), ", refreshing", stays: [", refreshing"]),
        Secret("CI_JOB: ", "gl" + "pat-" + fake("", 20)),
        Secret("slack: ", "xox" + "b-1234567890-" + fake("", 24)),
        Secret("see https://discord.com/api/webhooks/", "123456/FakeFakeFake1234", " there", stays: [" there"]),
        Secret("see https://discordapp.com/api/webhooks/", "123456/FakeFakeFake1234", " there", stays: [" there"]),
        Secret("get https://api.telegram.org/bot", "123456:FakeFakeFake1234", " 404", stays: [" 404"]),
        Secret("sent with bearer ", fake("", 30), " twice", stays: [" twice"]),
        Secret("sent with BASIC ", fake("", 30), " twice", stays: [" twice"]),
        Secret("alter role app Password '", word, "' valid", stays: [" valid"]),
        Secret("create user app identified by '", word, "'", stays: ["create user app"]),
        Secret("podman login -p ", word, " registry.example", stays: ["registry.example"]),
        Secret("post https://hooks.slack.com/services/", "T00FAKE/B00FAKE/FakeFakeFake1234", " 200", stays: [" 200"]),
        Secret("id_token ", jwt, " expired", stays: [" expired"]),
        Secret("access ", "ya" + "29." + fake("", 40)),
        Secret("temporary ", "AS" + "IA" + "FAKEFAKEFAKE1234"),
        Secret("start token: ", fake("sr" + "e_", 43)),
        Secret("GET / sre-agent-session=", fake("", 43), " 200", stays: [" 200"]),
        Secret("Set-Cookie: sre-agent-session=", fake("", 43), "; HttpOnly"),
        Secret("SRE-Page-Key: ", fake("", 43)),
        Secret("Sec-WebSocket-Protocol: sre-agent, ", fake("sre-agent-page-" + "key.", 43)),
        Secret("error: wrong password: ", "hunter2", " for alice", stays: ["for alice"]),
        Secret("Authorization: token ", github),
        Secret("Proxy-Authorization: Basic ", "ZmFrZTpmYWtl"),
        Secret(
            "-----BEGIN " + "PRIVATE KEY-----\n", "RmFrZUZha2U=\nRmFrZQ==", "\n-----END " + "PRIVATE KEY-----",
            stays: ["-----END"]),
        Secret("-----BEGIN " + "OPENSSH PRIVATE KEY-----\n", "RmFrZUZha2U="),
        Secret("https://x.blob.core.windows.net/c?se=2026&sig=", "RmFrZQ%3D%3D", "&sv=1", stays: ["&sv=1"]),
        Secret("SG key ", "S" + "G." + fake("", 22) + "." + fake("", 43)),
        Secret("told: correct-", "horse-1").known,
    ]

    private static let ordinary: [String] = [
        "git show 9fceb02d0ae598e95dc970b74767f19372d61af8", "123e4567-e89b-42d3-a456-426614174000",
        "0199a2f0-aaaa-7000-8000-000000000001", "/usr/lib/python3/dist-packages/sklearn/sk-learn-tests",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "monkey=banana", "turkey: delicious", "donkey=1", "token: not set", "token: null", "password: none",
        "token=$GITHUB_TOKEN", "curl -H \"Authorization: Bearer $TOKEN\" https://x.example",
        "password=${DB_PASSWORD}", "PGPASSWORD=$(cat /run/secrets/db)", "--password-file /etc/db.pw",
        "--token <token>", "docker run -p 8080:80 nginx", "ssh -p 2222 host", "mkdir -p /srv/app", "ps aux -p 1",
        "kubectl get secret db -o name", "kubectl get pods --sort-by=.metadata.name -n shop",
        "unexpected token: }", "SyntaxError: Unexpected token < in JSON at position 0", "if token == expected {",
        "let token = parser.next()", "Token::new(kind)", "std::string key;", "sort --key 2 file", "--sort-key name",
        "PRIMARY_KEY=id", "PWD=/home/alice", "OLDPWD=/srv", "https://example.com:8443/path?q=1",
        "http://user@host.example/", "rsync -av host::module /dst", "scp a b@host:/tmp", "12:30:45 up 3 days",
        "tests: 12 pass: 12 fail: 0", "ssh_key_path=/etc/ssh/key", "SSL_KEY=/etc/ssl/private/x.pem",
        "secretName: db-credentials", "secretKeyRef:", "tokenUsage: 1200 totalTokens=4", "max_tokens=4096",
        "Basic authentication is required", "Bearer of bad news", "authorization: required", "no password is needed",
        "passwordless login", "-----BEGIN " + "CERTIFICATE-----\nMIIB\n-----END " + "CERTIFICATE-----",
        "-----BEGIN " + "PUBLIC KEY-----\nMCow\n-----END " + "PUBLIC KEY-----",
        "sha256:e3b0c44298fc1c149afbf4c8996fb924",
        "task-runner-with-a-very-long-name-1234", "disk-usage-report-of-the-last-30-days", "eyJust kidding",
        "AKIA is a prefix", "hf_transfer is fast", "npm_config_registry=https://registry.npmjs.org",
        "sre_agent_started_total 1",
        "df -hP | tail -5", "journalctl -u nginx --since '1 hour ago'", "systemctl status sshd", "ss -tlnp",
        "find . -name '*.key' -print", "openssl x509 -in cert.pem -noout -text", "mysql -u root -e 'select 1'",
        "--password \"$DB_PASSWORD\"", "password: [masked:hmac-sha256:0123456789abcdef]", "key: value",
        "s3 key=2026/01/a.txt",
    ]
}

extension MaskingCorpus.Secret {
    /// The same sample with a registered secret.
    fileprivate var known: Self { Self("told: ", "correct-" + secret) }
}
