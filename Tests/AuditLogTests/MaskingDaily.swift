// Secrets in the daily work of operators: further programs, their output, and configurations.
extension MaskingCorpus {
    private static let base64 = fake("", 43) + "="

    static let daily: [Secret] = [
        Secret("vault token lookup ", word), Secret("cargo login ", word), Secret("bw unlock ", word),
        Secret("az sql server create -n s -u admin -p ", word),
        Secret("az vm user update -u bob -p '", word, "' -n vm"),
        Secret("bw login a@b.example ", word), Secret("twilio login AC1 ", word), Secret("ngrok authtoken ", word),
        Secret("ceph dashboard ac-user-create bob ", word, stays: ["bob"]), Secret("samba-tool user create bob ", word),
        Secret("mosquitto_passwd -b f bob ", word), Secret("jq --arg password ", word, " '.p=$password' c.json"),
        Secret("crudini --set f.ini database password ", word, stays: ["database"]),
        Secret("dig -y k:", base64, " axfr"), Secret("netexec smb h -u a -p ", word),
        Secret("secret-tool store --label=x a b <<< ", word), Secret("echo ", word, " | pass insert -e db"),
        Secret("zfs load-key p <<< ", word), Secret("op signin --raw <<< ", word),
        Secret("echo ", word, " | wg pubkey"),
        Secret("echo '", word, "' > /etc/borg/passphrase"), Secret("printf '%s\\n' ", word, " > ~/.vault-token"),
        Secret("echo -n ", word, " > password.txt", stays: ["> password.txt"]),
        Secret("echo ", word, " > /run/secrets/db"), Secret("curl -H 'X-JFrog-Art-Api:", word, "' h"),
        Secret("account x\npassword ", random, "\n", stays: ["account x"]), Secret("docker swarm unlock <<< ", word),
        Secret("Key         Value\n---   -----\npassword    ", random, "\nusername    app", stays: ["app"]),
        Secret("secret_id             ", "272d1371-c171-49d4-3953-6b3216fdaeeb", "\nsecret_id_ttl   0s"),
        Secret("Secret ID    = ", "272d1371-c171-49d4-3953-6b3216fdaeeb", "\nName = x"),
        Secret("  private key: ", base64, "\n  listening port: 1", stays: ["port: 1"]),
        Secret("Secret Key: ", fake("", 40), "\n"), Secret("encrypt = \"", base64, "\"\n"),
        Secret("[client.admin]\n\tkey = ", "A" + "Q" + fake("", 36) + "==", "\n"),
        Secret("", "SWM" + "KEY-1-" + fake("", 43)),
        Secret("", "K1" + "0" + String(repeating: "0a", count: 32) + "::server:" + String(repeating: "0b", count: 16)),
        Secret("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"d\":\"", fake("", 86), "\"}", stays: ["AQAB"]),
        Secret("{\"Type\": \"SecureString\",\"Value\": \"", word, "\",\"Version\": 1}"),
        Secret("define('DB_PASSWORD', '", word, "');"), Secret("define( 'AUTH_KEY', '", word, "' );"),
        Secret("proxy_set_header X-Api-Key ", fake("", 20), ";"), Secret("bob:{PLAIN}", word, ":1000:1000"),
        Secret("radius-server key ", random), Secret("tacacs-server host 1.1.1.1 key ", random),
        Secret("username a password 7 ", "c49b5539ac5ba7b4b871"), Secret("rootpwmodpw ", word),
        Secret("SSWS ", fake("00", 40)),
        Secret("A temporary password is generated for root@localhost: ", random),
    ]

    /// Only in texts: a shell reads the lines, quotes and signs of these in its own way.
    static let dailyTexts: [Secret] = [
        Secret("\"Cmd\": [\n  \"--requirepass\",\n  \"", word, "\"\n]"),
        Secret("key \"k\" {\n secret \"", base64, "\";\n};"),
        Secret("shared-secret \"", word, "\";"),
    ]

    static let harmlessDaily: [String] = [
        "vault token create -policy=x1", "cargo build --release1", "echo done1 > out.txt",
        "echo a1b2c3 > /tmp/secrets.log.d/x",
        "az group show -p 1", "jq --arg name a1b2 '.n=$name'", "crudini --set f.ini database host h1",
        "dig -y a1", "encrypt = true", "key = AQIDBAUG", "public key: " + fake("", 43) + "=",
        "define('DB_HOST', 'h1a2');",
        "{\"d\":\"2024-01-01T00:00:00Z\",\"k\":\"v1\"}", "{\"Type\": \"String\",\"Value\": \"a1b2c3\"}",
        "proxy_set_header X-Real-IP $remote_addr;", "the password field1 is missing", "K10 is a mountain1",
        "op list item1",
        "zfs list pool1", "the secret \"abc1\" is mounted", "crypto module1 key a1b2c3", "foo on >file1",
        "[\"--name\", \"a1b2c3\"]", "echo 'password1' > names.txt", "resource key: a1b2c3",
    ]
}
