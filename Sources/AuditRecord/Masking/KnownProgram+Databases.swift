// Databases and user directories.
extension KnownProgram {
    static let databases: [KnownProgram] = [
        KnownProgram(
            "mysql", "mysqldump", "mysqlimport", "mysqlcheck", "mysqlshow", "mysqlslap", "mysqlbinlog", "mariadb",
            "mariadb-dump", "mariadb-admin", "mariadb-import", "mariadb-check", "xtrabackup", "mariabackup",
            options: [Option("p", .attached, after: "ABCEfGHiILnNqstTvVwWX")]),
        KnownProgram(
            "mysqladmin", options: [Option("p", .attached, after: "ABCEfGHiILnNqstTvVwWX")],
            operands: [Operand(.number(1), of: "password")]),
        KnownProgram(
            "mongosh", "mongo", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat", "mongotop",
            options: [Option("p")]),
        KnownProgram(
            "redis-cli", "valkey-cli", "keydb-cli", options: [Option("a", .separate), Option("pass")],
            operands: [Operand(.last, of: "auth"), Operand(.named(2), of: "set")]),
        KnownProgram("sqlcmd", "bcp", "tsql", "osql", options: [Option("P")]),
        KnownProgram("cqlsh", options: [Option("p")]),
        KnownProgram(
            "sqlplus", "impdp", "expdp", "rman", "sqlldr", "sqlcl",
            operands: [Operand(.number(1), behind: "/", until: "@")]),
        KnownProgram(
            "etcdctl", options: [Option("user", behind: ":")],
            operands: [Operand(.number(1), of: "add", behind: ":"), Operand(.named(2), of: "put")]),
        KnownProgram(
            "mysqlsh", options: [Option("p", .attached, after: "ABCEfGHiILnNqstTvVwWX")],
            operands: [Operand(.number(1), behind: ":", until: "@")]),
        KnownProgram("mycli", "litecli", options: [Option("p")]),
        KnownProgram(
            "rabbitmqctl",
            operands: [
                Operand(.number(2), of: "add_user"), Operand(.number(2), of: "change_password"),
                Operand(.number(2), of: "authenticate_user"),
            ]),
        KnownProgram("rabbitmqadmin", options: [Option("p")]),
    ]

    static let directories: [KnownProgram] = [
        KnownProgram(
            "ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldapcompare", "ldapmodrdn",
            options: [Option("w", after: "xLvnZACMc")]),
        KnownProgram("ldappasswd", options: [Option("w", after: "xvnZC"), Option("s"), Option("a")]),
        KnownProgram("slappasswd", options: [Option("s")]),
        KnownProgram(
            "smbclient", "rpcclient", "smbget", "smbcacls", "smbmap", "smbtree", "winexe", "wmic", "net",
            options: [Option("U", behind: "%"), Option("user", behind: "%")],
            operands: [Operand(.number(2), of: "user"), Operand(.number(2), of: "use")]),
        KnownProgram("kadmin", options: [Option("w"), Option("pw", .separate)]),
        KnownProgram("samba-tool", operands: [Operand(.number(2), of: "create")]),
        KnownProgram("htpasswd", "mosquitto_passwd", operands: [Operand(.last, with: "b")]),
        KnownProgram("useradd", "usermod", options: [Option("p"), Option("password")]),
    ]
}
