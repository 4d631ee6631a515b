// Archives, file transfers, and remote machines.
extension KnownProgram {
    static let archives: [KnownProgram] = [
        KnownProgram(
            "zip", "unzip", "zipcloak", options: [Option("P", after: "rqejmoyTvnuC0123456789"), Option("password")]),
        KnownProgram("7z", "7za", "7zr", "7zz", options: [Option("p", .attached)]),
        KnownProgram("rar", "unrar", options: [Option("hp", .attached), Option("p", .attached)]),
        KnownProgram(
            "openssl",
            options: [
                Option("k", .separate), Option("K", .separate), Option("hmac", .separate),
                Option("macopt", behind: ":"),
            ],
            operands: [Operand(.last, of: "passwd")]),
        KnownProgram("ssh-keygen", options: [Option("N"), Option("P")]),
        KnownProgram("keytool", options: [Option("new")]),
        KnownProgram("qpdf", options: [Option("encrypt")]),
        KnownProgram(
            "pdftotext", "pdftoppm", "pdfinfo", options: [Option("upw", .separate), Option("opw", .separate)]),
        KnownProgram("ansible-vault", operands: [Operand(.number(1), of: "encrypt_string")]),
    ]

    private static let curlFlags: StaticString = "0123456#aBfgGiIjJklLnNOpqRsSvZ"

    static let transfers: [KnownProgram] = [
        KnownProgram(
            "curl",
            options: [
                Option("u", behind: ":", after: curlFlags), Option("user", behind: ":"),
                Option("U", behind: ":", after: curlFlags),
                Option("proxy-user", behind: ":"), Option("x", behind: ":", until: "@", after: curlFlags),
                Option("proxy", behind: ":", until: "@"), Option("preproxy", behind: ":", until: "@"),
                Option("b", behind: "=", after: curlFlags), Option("cookie", behind: "="),
                Option("E", behind: ":", after: curlFlags), Option("cert", behind: ":"), Option("oauth2-bearer"),
                Option("pass"),
                Option("proxy-pass"), Option("tlspassword"),
            ]),
        KnownProgram(
            "http", "https", "xh", "xhs", "hey", options: [Option("a", behind: ":"), Option("auth", behind: ":")]),
        KnownProgram("ab", options: [Option("A", behind: ":"), Option("P", behind: ":")]),
        KnownProgram("lftp", options: [Option("u", behind: ","), Option("user", behind: ",")]),
        KnownProgram("sshpass", options: [Option("p")]),
        KnownProgram("plink", "pscp", "psftp", "putty", "kitty", options: [Option("pw", .separate)]),
        // Their short options mean something else: `sshpass -p X ssh -p 22`.
        KnownProgram("ssh", "scp", "sftp", "rsync"),
        KnownProgram("xfreerdp", "xfreerdp3", "wlfreerdp", "rdesktop", options: [Option("p")]),
        KnownProgram("mosquitto_pub", "mosquitto_sub", "mosquitto_rr", options: [Option("P")]),
        KnownProgram("machine", operands: [Operand(.number(1), of: "password")]),
        KnownProgram("swaks", options: [Option("ap", .separate)]),
        KnownProgram("ncftpget", "ncftpput", "ncftpls", options: [Option("p")]),
        KnownProgram("rclone", operands: [Operand(.number(1), of: "obscure")]),
        KnownProgram("twine", options: [Option("p")]),
        KnownProgram("poetry", operands: [Operand(.number(3), of: "config")]),
    ]
}
