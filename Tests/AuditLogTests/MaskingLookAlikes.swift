// Texts that look like secrets and must stay readable.
extension MaskingCorpus {
    static let lookAlikes: [String] = harmlessNames + commands + texts

    private static let harmlessNames = [
        "public_key=abc123def456", "key_id=4711", "keyboard=de", "tokenizer=bpe2", "sort --key=2 file",
        "secret_name=db",
        "password_file=pw1.txt", "token_count=12", "primary_key_value=12ab", "sha256=4711abcd", "base64: yes1",
        "passengers=12", "compass=north1", "bypass=12", "session=0199a2f0-aaaa-7000-8000-000000000001",
        "session: started at 10", "sid=12", "sessionId=s1", "secrets: inherit", "credentials: include", "data: abc123",
        "value: abc123", "name: COLOUR\nvalue: abc123", #"{"name":"A_KEY_ID","value":"abc123"}"#, "hash=abc123def",
        "author=alice1", "authority: x1.example", "cookie_domain=x1.example", "authenticator=main1",
        "cursor_pw_count=2",
        "monkey2=a1", "hotkey: ctrl1", "aud: https://x.example", "certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJ",
        "pass: 12, fail: 0", "tls_key: |\n  -----BEGIN CERTIFICATE-----\n  MIIB1", "bypass=abc1",
        "details: [\"session\": .string(Session9.Name())]", "pw = auth.split(x)",
        "set self._password if they have some", "key: StringToken, value: bytes",
        "password: |\nnext: abc1", #"{"pass":"12","fail":"0"}"#, "fail=0,pass=12", "<token_count>12</token_count>",
    ]

    private static let commands = [
        "curl -b cookies.txt http://h", "curl -sSf http://h:8080/x", "curl -U http://h",
        "docker run -p 8080:80 -a stdout x",
        "ssh -p 2222 alice@host", "scp -P 2222 a b@host:/c", "sshpass -f pw.txt ssh -p 22 h", "zip -r a.zip f",
        "7z x a.7z", "rsync -a -p x y", "mysql -u root -p shop",
        "kubectl create configmap x --from-literal=colour=blue",
        "kubectl get secret db -o yaml", "gh secret list", "vault kv get secret/db", "vault status", "helm list -a -p",
        "echo hello | tee x", "echo 'a: b' | grep a", "echo done | passwd_check", "htpasswd -c /etc/h alice",
        "openssl passwd -6 -stdin",
        "git config --global user.name alice1", "aws configure set region eu-west-1", "set -o pipefail",
        "set token to 5",
        "redis-cli -h x ping", "msbuild /p:Configuration=Release1", "net use", "az group show -p 1",
        "ldapsearch -x -b dc=x",
        "mount -o rw,noatime /dev/sda1 /m", "openssl s_client -connect h:443", "sqlplus -v", "http GET x.example",
        "git rev-parse HEAD\n9fceb02d0ae598e95dc970b74767f19372d61af8", "docker pull nginx@sha256:" + hash,
        "kubeadm join h --discovery-token-ca-cert-hash sha256:" + hash,
    ]

    private static let texts = [
        "restored cache-key-0123456789abcdef0123456789abcdef", "v1-deps-key-0123456789abcdef0123456789abcdef",
        "TASK0123456789abcdef0123456789abcdef", "12:30:45.123 app:5432 ready", "a.go:1234:5: unused: x",
        "fe80:5432:1:2:3", "listening on 0.0.0.0:5432", "awk '{print $1$2}'", "cp $1$DIR/$NAME $2", "cost $5$ or $6$",
        "{sha}", "{md5sum}", "*9fceb02d0ae598e95dc970b74767f19372d61af8", "MTU 1500.eth0.1", "glc_is_short",
        "secret_santa",
        "npm_lifecycle_event", "patch.1.of.2", "SKU0123", "dapi is down", "the password is required", "password is set",
        "identified by name", "identified with care", "the machine is up", "bearer of news", "v1.0-rc.1",
        "<key>NSAppName1</key>", "a -> b, c => d", "vec![token; 2]", "access-production-logs", "API-first design",
        "pk" + "_live_" + fake("", 24), "ssh-ed25519 AAAA" + fake("", 60) + " alice@host",
    ]

    private static let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
