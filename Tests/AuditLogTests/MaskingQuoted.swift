// Secrets in quotes, in part of a word, and after a line continuation.
extension MaskingCorpus {
    static let quoted: [Secret] = [
        Secret("DB_PASSWORD='", word, "' true", stays: [" true"]),
        Secret("export DB_PASSWORD='", word, "'; true", stays: ["; true"]),
        Secret("mysql --password='", word, "' -e 1", stays: ["-e 1"]),
        Secret("mysql -uroot -p'", word, "' -e 1", stays: ["-uroot", "-e 1"]),
        Secret("curl -s -u 'admin:", word, "' http://h/", stays: ["admin:", "http://h/"]),
        Secret("sshpass -p '", word, "' ssh h", stays: ["ssh h"]),
        Secret("PGPASSWORD='", word + " two words", "' psql", stays: [" psql"]),
        Secret("curl -H 'Authorization: Bearer ", fake("", 30), "' http://h/", stays: ["Bearer", "http://h/"]),
        Secret(#"curl -d '{"password": ""#, word, #""}' http://h/"#, stays: ["http://h/"]),
        Secret("vault login '", word, "' || true", stays: ["|| true"]),
        Secret("docker login -u a -p '", word, "' h", stays: ["-u a"]),
        Secret("redis-cli -a '", word, "' ping", stays: ["ping"]), Secret("vault login --token '", word, "'"),
        Secret("echo '", word, "' | sudo -S true", stays: ["sudo -S true"]),
        Secret("echo '", word, "' | docker login -u a --password-stdin", stays: ["--password-stdin"]),
        Secret("passwd --stdin root <<< '", word, "' || true"), Secret("psql 'host=x password=", word, "' || true"),
        Secret("psql 'postgres://u:", word, "@h/d'", stays: ["@h/d"]),
        Secret("aws configure set aws_secret_access_key '", word, "'"),
        Secret("kubectl create secret generic x --from-literal=a='", word, "' -n y", stays: ["-n y"]),
        Secret("mysql -e \"ALTER USER x IDENTIFIED BY '", word, "'\"", stays: ["ALTER USER x"]),
        Secret("psql -c \"ALTER USER x PASSWORD '", word, "'\"", stays: ["ALTER USER x"]),
        Secret("python3 -c \"password='", word, "'\""), Secret("export API_TOKEN=\"", word, "\"; true"),
        Secret("TOKEN=$'", word, "' true", stays: [" true"]), Secret("htpasswd -nb u '", word, "' || true"),
        Secret("smbclient -U 'u%", word, "' //h/s", stays: ["//h/s"]),
        Secret("echo 'root:", word, "' | chpasswd", stays: ["root:", "chpasswd"]),
        // Values inserted into a text.
        Secret(#"printf '{"password":"%s"}' "#, word, stays: ["password"]),
        Secret(#"printf "user=%s password=%s\n" bob "#, word, " > f", stays: ["bob", "> f"]),
        Secret("printf 'DB_PASSWORD=%s' '", word, "' | tee x", stays: ["| tee x"]),
        // Words of several quoted parts.
        Secret("DB_PASSWORD=a'", word, "' true", stays: [" true"]),
        Secret("DB_PASSWORD='a'\"", word, "\" true", stays: [" true"]),
        Secret("mysql -p'a'", word, " -e 1", stays: ["-e 1"]),
        Secret("mysql -pa\"b\"'", word, "'c -e 1", stays: [" -e 1"]),
    ]

    static let continued: [Secret] = [
        Secret("bash -lc\t'mysql --pass'\\''word'\\''=", word, "'"),
        Secret("mysql --user=root \\\n  --password \\\n  ", word, " -e 1", stays: ["--user=root", "-e 1"]),
        Secret("sshpass -p \\\n ", word, " ssh h", stays: ["ssh h"]),
        Secret("curl -s \\\n  -u \\\n  admin:", word, " http://h/", stays: ["admin:", "http://h/"]),
        Secret("docker login \\\r\n -u a -p \\\r\n ", word, " h", stays: ["-u a"]),
        Secret(#"{"cmd":"mysql --password \\\n  "#, word, #" -e 1"}"#, stays: ["-e 1"]),
        Secret("echo \\\n ", word, " \\\n | passwd --stdin root", stays: ["passwd --stdin root"]),
        Secret("vault \\\n login \\\n ", word), Secret("export DB_PASS\\\nWORD=", word),
    ]
}
