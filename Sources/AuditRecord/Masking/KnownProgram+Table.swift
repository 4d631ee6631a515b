extension KnownProgram {
    static let all: [KnownProgram] = databases + directories + archives + transfers + containers + clouds + systems

    private static let databases: [KnownProgram] = [
        KnownProgram(
            "mysql", "mysqldump", "mysqlimport", "mysqlcheck", "mysqlshow", "mysqlslap", "mysqlbinlog", "mariadb",
            "mariadb-dump", "mariadb-admin", "mariadb-import", "mariadb-check", "xtrabackup", "mariabackup",
            options: [Option("p", .attached)]),
        KnownProgram("mysqladmin", options: [Option("p", .attached)], operands: [Operand(.number(1), of: "password")]),
        KnownProgram(
            "mongosh", "mongo", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat", "mongotop",
            options: [Option("p")]),
        KnownProgram(
            "redis-cli", "valkey-cli", "keydb-cli", options: [Option("a", .separate), Option("pass")],
            operands: [Operand(.last, of: "auth")]),
        KnownProgram("sqlcmd", "bcp", "tsql", "osql", options: [Option("P")]),
        KnownProgram("cqlsh", options: [Option("p")]),
        KnownProgram(
            "sqlplus", "impdp", "expdp", "rman", "sqlldr", "sqlcl", operands: [Operand(.number(1), behind: "/")]),
        KnownProgram(
            "etcdctl", options: [Option("user", behind: ":")], operands: [Operand(.number(1), of: "add", behind: ":")]),
        KnownProgram(
            "rabbitmqctl",
            operands: [
                Operand(.number(2), of: "add_user"), Operand(.number(2), of: "change_password"),
                Operand(.number(2), of: "authenticate_user"),
            ]),
        KnownProgram("rabbitmqadmin", options: [Option("p")]),
    ]

    private static let directories: [KnownProgram] = [
        KnownProgram(
            "ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldapcompare", "ldapmodrdn",
            options: [Option("w")]),
        KnownProgram("ldappasswd", options: [Option("w"), Option("s"), Option("a")]),
        KnownProgram("slappasswd", options: [Option("s")]),
        KnownProgram(
            "smbclient", "rpcclient", "smbget", "smbcacls", "smbmap", "smbtree", "winexe", "wmic", "net",
            options: [Option("U", behind: "%"), Option("user", behind: "%")],
            operands: [Operand(.number(2), of: "user"), Operand(.number(2), of: "use")]),
        KnownProgram("htpasswd", operands: [Operand(.last, with: "b")]),
        KnownProgram("useradd", "usermod", options: [Option("p"), Option("password")]),
    ]

    private static let archives: [KnownProgram] = [
        KnownProgram("zip", "unzip", "zipcloak", options: [Option("P"), Option("password")]),
        KnownProgram("7z", "7za", "7zr", "7zz", options: [Option("p", .attached)]),
        KnownProgram("rar", "unrar", options: [Option("hp", .attached), Option("p", .attached)]),
        KnownProgram(
            "openssl", options: [Option("k", .separate), Option("K", .separate), Option("hmac", .separate)],
            operands: [Operand(.last, of: "passwd")]),
        KnownProgram("ssh-keygen", options: [Option("N", .separate), Option("P", .separate)]),
        KnownProgram("keytool", options: [Option("new")]),
    ]

    private static let transfers: [KnownProgram] = [
        KnownProgram(
            "curl",
            options: [
                Option("u", behind: ":"), Option("user", behind: ":"), Option("U", behind: ":"),
                Option("proxy-user", behind: ":"), Option("b", behind: "="), Option("cookie", behind: "="),
                Option("E", behind: ":"), Option("cert", behind: ":"), Option("oauth2-bearer"), Option("pass"),
                Option("proxy-pass"), Option("tlspassword"),
            ]),
        KnownProgram(
            "http", "https", "xh", "xhs", "hey", options: [Option("a", behind: ":"), Option("auth", behind: ":")]),
        KnownProgram("ab", options: [Option("A", behind: ":"), Option("P", behind: ":")]),
        KnownProgram("lftp", options: [Option("u", behind: ","), Option("user", behind: ",")]),
        KnownProgram("sshpass", options: [Option("p")]),
        KnownProgram("plink", "pscp", "psftp", "putty", "kitty", options: [Option("pw", .separate)]),
        // Their short options are other things: `sshpass -p X ssh -p 22`.
        KnownProgram("ssh", "scp", "sftp", "rsync"),
        KnownProgram("xfreerdp", "xfreerdp3", "wlfreerdp", "rdesktop", options: [Option("p")]),
        KnownProgram("mosquitto_pub", "mosquitto_sub", "mosquitto_rr", options: [Option("P")]),
        KnownProgram("machine", operands: [Operand(.number(1), of: "password")]),
        KnownProgram("twine", options: [Option("p")]),
        KnownProgram("poetry", operands: [Operand(.number(3), of: "config")]),
    ]

    private static let containers: [KnownProgram] = [
        KnownProgram(
            "docker", "podman", "nerdctl", "buildah", "helm", "oras", "crane", "oc", "regctl",
            options: [Option("p", of: "login")]),
        KnownProgram(
            "skopeo",
            options: [
                Option("p", of: "login"), Option("creds", behind: ":"), Option("src-creds", behind: ":"),
                Option("dest-creds", behind: ":"),
            ]),
        KnownProgram("kubectl", "k3s", "microk8s", options: [Option("from-literal", behind: "=", of: "secret")]),
    ]

    private static let clouds: [KnownProgram] = [
        KnownProgram("az", options: [Option("p", of: "login"), Option("value", of: "secret"), Option("p", of: "sp")]),
        KnownProgram("aws", options: [Option("value", of: "put-parameter")]),
        KnownProgram("gh", options: [Option("b", of: "secret"), Option("body", of: "secret")]),
        KnownProgram(
            "vault", "bao", operands: [Operand(.number(1), of: "login"), Operand(.number(1), of: "unseal")],
            stores: ["put", "patch"]),
        KnownProgram("fly", "flyctl", "doppler", "supabase", "infisical", stores: ["secrets"]),
        KnownProgram("mc", operands: [Operand(.number(5), of: "alias")]),
        KnownProgram("doctl", options: [Option("t"), Option("access-token")]),
        KnownProgram("argocd", "influx", options: [Option("p", of: "login"), Option("p", of: "setup")]),
        KnownProgram("chamber", operands: [Operand(.number(3), of: "write")]),
    ]

    private static let systems: [KnownProgram] = [
        KnownProgram("ipmitool", options: [Option("P")], operands: [Operand(.number(2), of: "password")]),
        KnownProgram(
            "snmpget", "snmpwalk", "snmpset", "snmpbulkwalk", "snmptrap",
            options: [Option("A"), Option("X"), Option("c")]),
        KnownProgram("nmcli", operands: [Operand(.number(1), of: "password")]),
        KnownProgram("wpa_passphrase", operands: [Operand(.number(2))]),
        KnownProgram("psexec", "cmdkey", "schtasks", "evil-winrm", options: [Option("p")]),
    ]
}
