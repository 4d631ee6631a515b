// Options, names and values that the shell puts together from quoted and escaped parts.
extension MaskingCorpus {
    static let words: [Secret] = options + assignments + expanded + scripts + members

    private static let options: [Secret] = [
        Secret("mysql --pass\\word=", word, " db", stays: [" db"]),
        Secret("mysql --pass'word'=", word, " db", stays: [" db"]),
        Secret("mysql --pass\"word\"='", word, "' db", stays: [" db"]),
        Secret("mysql --pass'word=", word + " two", "' db", stays: [" db"]),
        Secret("mysql '--password=", word + " two", "' db", stays: [" db"]),
        Secret("mysql \"--password\" ", word, " db", stays: [" db"]),
        Secret("deploy $'--token' ", word, " now1", stays: [" now1"]),
        Secret("deploy $\"--token\" ", word, " now1", stays: [" now1"]),
        Secret("deploy $'\\x2d\\055token' ", word, " now1", stays: [" now1"]),
        Secret("deploy \"--to\"'ken' '", word, "' now1", stays: [" now1"]),
        Secret("deploy -\\-token ", word, " now1", stays: [" now1"]),
        Secret("curl '-u' 'a:", word, "' http://h", stays: ["'a:", "http://h"]),
        Secret("curl -'u' a:", word, " http://h", stays: ["a:", "http://h"]),
        Secret("curl '-ua:", word + " two", "' http://h", stays: ["http://h"]),
        Secret("curl -u 'a':'", word, "' http://h", stays: ["http://h"]),
        Secret("curl -sSua:", word, " http://h", stays: ["-sSua:", "http://h"]),
        Secret("curl -fsSLua:'", word, "' http://h", stays: ["http://h"]),
        Secret("curl -sSu'a:", word, "' http://h", stays: ["http://h"]),
        Secret("curl -sbsid=", word, " http://h", stays: ["http://h"]),
        Secret("mysql -BNp", word, " db", stays: [" db"]), Secret("zip -rP ", word, " a.zip f", stays: ["a.zip f"]),
        Secret("ldapsearch -xLLLw ", word, " -b dc=x", stays: ["dc=x"]),
        Secret("curl -H 'Authorization: Bea'\"rer ", word, "\" http://h", stays: ["http://h"]),
        Secret("curl -H Authorization:' Bearer ", word, "' http://h", stays: ["http://h"]),
        Secret("curl '-H' \"X-Api\"'-Key: ", word, "' http://h", stays: ["http://h"]),
        Secret("'sshpass' -p", word, " ssh h", stays: ["ssh h"]),
        Secret("ssh''pass -p ", word, " ssh h", stays: ["ssh h"]),
        Secret("\"sshpass\" '-p' '", word, "' ssh h", stays: ["ssh h"]),
        Secret("\\sshpass -\\p ", word, " ssh h", stays: ["ssh h"]),
        Secret("'docker' login -u a -p ", word, " r.example", stays: ["r.example"]),
        Secret("docker 'login' -u a -p ", word, " r.example", stays: ["r.example"]),
        Secret("aws configure set 'aws_secret_access_key' '", word, "'", stays: ["aws_secret_access_key"]),
        Secret("aws configure set aws_secret_'access'_key ", word, " --profile x", stays: ["--profile x"]),
        Secret("aws 'configure' \"set\" aws_secret_access_key ", word),
        Secret("vault 'login' ", word), Secret("kubectl create secret generic x '--from-literal' 'a=", word, "'"),
        Secret("echo '", word, "' | 'sudo' -S ls", stays: [" ls"]),
    ]

    private static let assignments: [Secret] = [
        Secret("export DB_PASSWORD=$\"", word, "\"; true", stays: ["; true"]),
        Secret("export DB_PASS'WORD'=", word, "; true", stays: ["; true"]),
        Secret("env 'DB_PASSWORD=", word + " two", "' psql", stays: [" psql"]),
        Secret("env $'DB_PASS\\x57ORD=", word, "' psql", stays: [" psql"]),
        Secret("export \"DB_PASSWORD\"='a'\"", word, "\"; true", stays: ["; true"]),
        Secret("psql postgres://u:'", word, "'@h", stays: ["postgres://u:", "@h"]),
        Secret("psql 'postgres://u':", word, "@h", stays: ["@h"]),
        Secret("psql \"postgres://\"u:\\", word, "@h", stays: ["@h"]),
        Secret("x=\"$(curl '-u' 'a:", word, "' http://h)\"; y='1'", stays: ["http://h", "y='1'"]),
        Secret("x=\"`mysql --pass'word'=", word, " db`\"", stays: [" db"]),
    ]

    /// Names and values that bash makes of a pattern.
    private static let expanded: [Secret] = [
        Secret("export DB_{PASSWORD,USER}=", word, "; true", stays: ["; true"]),
        Secret("export DB_{USER,PASSWORD}='", word, "'; true", stays: ["; true"]),
        Secret("printf -v DB_PASSWORD '%s' '", word, "'; true", stays: ["'%s'", "; true"]),
        Secret("printf -v DB_PASSWORD %s ", word, "; true", stays: ["; true"]),
        Secret("printf -v DB_PASSWORD ", word, "; true", stays: ["; true"]),
    ]

    private static let scripts: [Secret] = [
        Secret("bash -c\t'DB_PASSWORD=$'\"", random, " true\"", stays: [" true"]),
        Secret("bash \"-c\" 'DB_PASSWORD='\"'", word, "' true\"", stays: [" true"]),
        Secret("bash -c $'DB_PASSWORD=\\'", word, "\\' true'", stays: [" true"]),
        Secret("bash -c $\"mysql --pass'word'=", word, " db\"", stays: [" db"]),
        Secret("bash -c -- \"mysql '--password' ", word, "\""),
        Secret("bash -c \"curl '-u' 'a:", word, "' http://h\"", stays: ["http://h"]),
        Secret("bash -c \"bash -c \\\"curl '-u' 'a:", word, "' http://h\\\"\"", stays: ["http://h"]),
        Secret("eval 'mysql \"--password\" '", word),
        Secret("ssh h \"mysql '--password' ", word, " db\"", stays: [" db"]),
        Secret("su - x --command 'mysql \"--password\" ", word, " db'", stays: [" db"]),
        Secret("bash -c \\\n 'DB_PASSWORD=$'\"", random, " true\"", stays: [" true"]),
    ]

    private static let members: [Secret] = [
        Secret("python3 -c 'os.environ[\"DB_PASSWORD\"]=\"", word, "\"; f()'", stays: ["f()"]),
        Secret("python3 -c \"os.environ['DB_PASSWORD'] = '", word, "'; f()\"", stays: ["f()"]),
        Secret("node -e 'process.env[\"API_KEY\"]=\"", word, "\"; f()'", stays: ["f()"]),
        Secret("perl -e '$ENV{DB_PASSWORD}=\"", word, "\"; f()'", stays: ["f()"]),
        Secret("ruby -e \"ENV['DB_PASSWORD']='", word, "'; f()\"", stays: ["f()"]),
    ]

    static let harmlessWords: [String] = [
        "the password doesn't match and it isn't x1y2z3", "we don't log the token, and it's not kept",
        "the users' password isn't stored1 in the admins' list", "echo 'it'\"'\"'s fine' | tee x",
        #"{"name": "x", "password": null, "n": ["--list", "a1"]}"#, #"["--list","x1y2z3"]"#,
        "grep 'password=$' f && awk '{print $1}' g", "find . -name '*.pem' -exec ls -l '{}' \\;",
        "sed -e 's/a/b/' \"$f\" > 'x y'", "git commit -m 'Fix the '\"token\"' parser'", "cd C:\\Users\\x1",
        "printf '%s\\n' \"$a\" 'b c'", "bash -lc 'curl -sS \"http://h:8080/x\"'", "curl -sSfLo/tmp/up:x1 http://h",
        "curl -sSfo 'a b' http://h", "x=\"$(date '+%F %T')\"; y=\"`ls 'a b'`\"", "mysql -BNe 'select 1' shop",
        "if cfg[\"password\"] == old { return }", "cfg[\"password\"] = getpass(\"x1\")", "a[\"name\"] = \"x1y2z3\"",
        "export DB_{USER,HOST}=alice1", "const {password,token} = request", "printf -v NAME %s alice1",
        "docker run -e 'A=b c' -p '8080:80' nginx", "python3 -c 'print(\"a b\"); x = d[\"k\"]'",
        "zip -rq 'a b.zip' f", "ssh h 'ls \"a b\"'", "echo $'a\\tb' $\"c d\"",
    ]
}
