extension KnownProgram {
    static let all: [KnownProgram] = databases + directories + archives + transfers + containers + clouds + systems

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
        KnownProgram(
            "az",
            options: [
                Option("p", of: "login"), Option("value", of: "secret"), Option("p", of: "sp"),
                Option("p", of: "server"), Option("p", of: "user"),
            ]),
        KnownProgram("aws", options: [Option("value", of: "put-parameter")]),
        KnownProgram("gh", options: [Option("b", of: "secret"), Option("body", of: "secret")]),
        KnownProgram(
            "vault", "bao",
            operands: [
                Operand(.number(1), of: "login"), Operand(.number(1), of: "unseal"),
                Operand(.number(1), of: "generate-root"), Operand(.number(1), of: "rekey"),
                Operand(.number(2), of: "token"),
            ],
            stores: ["put", "patch"], others: ["write"]),
        KnownProgram(
            "fly", "flyctl", "doppler", "supabase", "infisical", options: [Option("p", of: "login")],
            stores: ["secrets"]),
        KnownProgram("cargo", operands: [Operand(.number(1), of: "login")]),
        KnownProgram("bw", operands: [Operand(.number(1), of: "unlock"), Operand(.number(2), of: "login")]),
        KnownProgram("twilio", operands: [Operand(.number(2), of: "login")]),
        KnownProgram("ngrok", operands: [Operand(.number(1), of: "authtoken")]),
        KnownProgram("ceph", operands: [Operand(.number(2), of: "ac-user-create")]),
        KnownProgram("drush", operands: [Operand(.number(2), of: "upwd")]),
        KnownProgram("virsh", options: [Option("base64", of: "secret-set-value")]),
        KnownProgram("mc", operands: [Operand(.number(5), of: "alias"), Operand(.number(4), of: "user")]),
        KnownProgram(
            "consul", options: [Option("encrypt"), Option("token")],
            operands: [Operand(.named(2), of: "put"), Operand(.number(2), of: "set-agent-token")]),
        KnownProgram("nomad", stores: ["put"]),
        KnownProgram("gitlab-runner", options: [Option("r", of: "register")]),
        KnownProgram("grafana-cli", "grafana", operands: [Operand(.number(1), of: "password")]),
        KnownProgram("salt", "salt-call", operands: [Operand(.number(2), of: "set_password")]),
        KnownProgram("knife", options: [Option("P")]),
        KnownProgram("caddy", options: [Option("plaintext")]),
        KnownProgram("doctl", options: [Option("t"), Option("access-token")]),
        KnownProgram(
            "argocd", "influx",
            options: [Option("p", of: "login"), Option("p", of: "setup"), Option("t", of: "config")]),
        KnownProgram("chamber", operands: [Operand(.number(3), of: "write")]),
    ]

    private static let systems: [KnownProgram] = [
        KnownProgram("ipmitool", options: [Option("P")], operands: [Operand(.number(2), of: "password")]),
        KnownProgram(
            "snmpget", "snmpwalk", "snmpset", "snmpbulkwalk", "snmptrap",
            options: [Option("A"), Option("X"), Option("c")]),
        KnownProgram("crackmapexec", "netexec", "nxc", options: [Option("p")]),
        KnownProgram("jq", operands: [Operand(.named(2))]), KnownProgram("crudini", operands: [Operand(.named(4))]),
        KnownProgram("dig", "nsupdate", options: [Option("y", behind: ":")]),
        KnownProgram("racadm", options: [Option("p")]),
        KnownProgram("nmcli", operands: [Operand(.number(1), of: "password"), Operand(.number(1), of: "psk")]),
        KnownProgram("wpa_passphrase", operands: [Operand(.number(2))]),
        KnownProgram("psexec", "cmdkey", "schtasks", "evil-winrm", options: [Option("p")]),
    ]
}
