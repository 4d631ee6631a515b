import Policy

/// The rules of `example-rules.yaml`.
enum ExampleRules {
    static func make() throws -> CommandRules {
        try CommandRules([
            CommandRule(
                name: "disk space", decision: .allow, programs: ["df"],
                options: [
                    "-a", "-h", "-H", "-i", "-k", "-l", "-P", "-T", "--all", "--human-readable", "--inodes", "--local",
                    "--portability", "--print-type", "--si", "--total",
                ], optionsWithValue: ["-t": .oneOf(["*"]), "-x": .oneOf(["*"])], operands: .any),
            CommandRule(
                name: "disk usage", decision: .allow, programs: ["du"],
                options: [
                    "-a", "-c", "-h", "-k", "-m", "-s", "-x", "--human-readable", "--one-file-system", "--summarize",
                    "--total",
                ], optionsWithValue: ["-d": .oneOf(["*"]), "--max-depth": .oneOf(["*"])], operands: .any),
            CommandRule(
                name: "block devices", decision: .allow, programs: ["lsblk"],
                options: ["-a", "-f", "-m", "-p", "--all", "--fs"]),
            CommandRule(
                name: "memory", decision: .allow, programs: ["free"],
                options: [
                    "-b", "-g", "-h", "-k", "-l", "-m", "-t", "-w", "--bytes", "--human", "--mega", "--giga", "--mebi",
                    "--gibi", "--si", "--total", "--wide",
                ], optionsWithValue: ["-c": .oneOf(["*"]), "-s": .oneOf(["*"])]),
            CommandRule(
                name: "load", decision: .allow, programs: ["uptime"], options: ["-p", "-s", "--pretty", "--since"]),
            CommandRule(name: "processors", decision: .allow, programs: ["lscpu", "nproc"], options: ["--all"]),
            CommandRule(name: "who am I", decision: .allow, programs: ["id", "whoami", "pwd"]),
            CommandRule(
                name: "kernel", decision: .allow, programs: ["uname"],
                options: ["-a", "-m", "-n", "-o", "-p", "-r", "-s", "-v", "--all"]),
            CommandRule(name: "host name", decision: .allow, programs: ["hostname"], options: ["-I"]),
            CommandRule(
                name: "date", decision: .allow, programs: ["date"],
                options: ["-u", "-R", "-I", "-Iseconds", "--utc", "--rfc-email", "--iso-8601"],
                operands: .oneOf(["+*"]), maximumOperands: 1),
            CommandRule(
                name: "statistics", decision: .allow, programs: ["vmstat"],
                options: [
                    "-a", "-d", "-m", "-n", "-s", "-t", "-w", "-y", "-D", "--active", "--disk", "--stats",
                    "--timestamp", "--wide",
                ], optionsWithValue: ["-S": .oneOf(["k", "K", "m", "M"])], operands: .oneOf(["*"]), maximumOperands: 2),
            CommandRule(
                name: "disk statistics", decision: .allow, programs: ["iostat"],
                options: ["-c", "-d", "-h", "-k", "-m", "-p", "-t", "-x", "-y", "-z"], operands: .oneOf(["*"])),
            CommandRule(
                name: "processes", decision: .allow, programs: ["ps"],
                options: [
                    "-A", "-a", "-d", "-e", "-f", "-F", "-H", "-j", "-L", "-l", "-T", "-w", "--forest", "--headers",
                    "--no-headers",
                ],
                optionsWithValue: [
                    "-C": .oneOf(["*"]), "-p": .oneOf(["*"]), "--pid": .oneOf(["*"]), "--ppid": .oneOf(["*"]),
                    "--sort": .oneOf(["*", "-*"]),
                ],
                operands: .oneOf([
                    "a", "ax", "au", "aux", "auxf", "auxw", "auxww", "axf", "axu", "axuf", "axw", "axww", "auxwww", "f",
                    "u", "ux", "x", "w", "ww",
                ])),
            CommandRule(
                name: "sockets", decision: .allow, programs: ["ss"],
                options: [
                    "-4", "-6", "-a", "-e", "-H", "-i", "-l", "-m", "-n", "-O", "-o", "-p", "-s", "-t", "-u", "-w",
                    "-x", "--all", "--extended", "--info", "--ipv4", "--ipv6", "--listening", "--memory", "--no-header",
                    "--numeric", "--oneline", "--processes", "--summary", "--tcp", "--udp", "--unix",
                ],
                operands: .oneOf([
                    "state", "established", "listening", "connected", "syn-sent", "syn-recv", "fin-wait-1",
                    "fin-wait-2", "time-wait", "closed", "close-wait", "last-ack", "closing",
                ])),
            CommandRule(
                name: "network", decision: .allow, programs: ["ip"],
                subcommands: [
                    "addr", "addr show", "address", "address show", "a", "link", "link show", "route", "route show",
                    "r", "neigh", "neigh show", "rule", "rule show", "-br addr", "-br addr show", "-br a", "-br link",
                    "-brief addr", "-brief link", "-s link", "-s link show", "-4 addr", "-6 addr", "-4 route",
                    "-6 route", "-6 route show",
                ]),
            CommandRule(
                name: "network device", decision: .allow, programs: ["ip"],
                subcommands: [
                    "addr show dev", "address show dev", "link show dev", "-s link show dev", "-br addr show dev",
                ], operands: .oneOf(["*"]), maximumOperands: 1),
            CommandRule(
                name: "services", decision: .allow, programs: ["systemctl"],
                subcommands: [
                    "status", "is-active", "is-enabled", "is-failed", "is-system-running", "list-units", "list-timers",
                    "list-sockets", "list-unit-files", "list-jobs", "--no-pager status", "--no-pager list-units",
                    "--user status", "--user list-units",
                ],
                options: [
                    "-a", "-l", "-q", "--all", "--failed", "--full", "--no-legend", "--no-pager", "--plain", "--quiet",
                    "--user",
                ],
                optionsWithValue: [
                    "-n": .oneOf(["*"]), "--lines": .oneOf(["*"]), "-t": .oneOf(["*"]), "--type": .oneOf(["*"]),
                    "--state": .oneOf(["*"]),
                ], operands: .oneOf(["*"])),
            CommandRule(
                name: "failed services", decision: .allow, programs: ["systemctl"],
                options: ["--failed", "--no-pager", "--no-legend", "--all", "--plain", "--user"]),
            CommandRule(
                name: "journal", decision: .allow, programs: ["journalctl"],
                options: [
                    "-a", "-b", "-e", "-f", "-k", "-m", "-q", "-r", "-x", "--all", "--boot", "--catalog",
                    "--disk-usage", "--dmesg", "--follow", "--list-boots", "--no-full", "--no-hostname", "--no-pager",
                    "--quiet", "--reverse", "--system", "--user", "--utc",
                ],
                optionsWithValue: [
                    "-g": .any, "--grep": .any, "-n": .oneOf(["*"]), "--lines": .oneOf(["*"]),
                    "-o": .oneOf([
                        "cat", "json", "json-pretty", "short", "short-full", "short-iso", "short-iso-precise",
                        "short-monotonic", "short-precise", "short-unix", "verbose", "with-unit",
                    ]), "-p": .oneOf(["*"]), "--priority": .oneOf(["*"]), "-S": .oneOf(["*", "-*"]),
                    "--since": .oneOf(["*", "-*"]), "-U": .oneOf(["*", "-*"]), "--until": .oneOf(["*", "-*"]),
                    "-t": .oneOf(["*"]), "--identifier": .oneOf(["*"]), "-u": .oneOf(["*"]), "--unit": .oneOf(["*"]),
                    "--user-unit": .oneOf(["*"]),
                ]),
            CommandRule(
                name: "kernel messages", decision: .allow, programs: ["dmesg"],
                options: ["-T", "-x", "-k", "-u", "--ctime", "--decode", "--kernel", "--userspace"],
                optionsWithValue: ["-l": .oneOf(["*"]), "--level": .oneOf(["*"])]),
            CommandRule(
                name: "kubernetes objects", decision: .allow, programs: ["kubectl"],
                subcommands: [
                    "get all", "get cj", "get cronjob", "get cronjobs", "get daemonset", "get daemonsets", "get deploy",
                    "get deployment", "get deployments", "get ds", "get endpoints", "get endpointslices", "get events",
                    "get hpa", "get ing", "get ingress", "get job", "get jobs", "get namespace", "get namespaces",
                    "get networkpolicies", "get no", "get node", "get nodes", "get ns", "get pdb", "get po", "get pod",
                    "get pods", "get pv", "get pvc", "get replicasets", "get rs", "get service", "get services",
                    "get statefulset", "get statefulsets", "get sts", "get svc", "-n * get deployments",
                    "-n * get events", "-n * get nodes", "-n * get pod", "-n * get pods", "-n * get po",
                    "-n * get services", "-n * get svc",
                ],
                options: [
                    "-A", "--all-namespaces", "--ignore-not-found", "--no-headers", "--show-kind", "--show-labels",
                    "-w", "--watch",
                ],
                optionsWithValue: [
                    "-n": .oneOf(["*"]), "--namespace": .oneOf(["*"]), "-l": .any, "--selector": .any,
                    "--field-selector": .any, "-o": .oneOf(["wide", "name"]), "--sort-by": .any,
                    "--request-timeout": .oneOf(["*"]),
                ], operands: .oneOf(["*"])),
            CommandRule(
                name: "kubernetes descriptions", decision: .allow, programs: ["kubectl"],
                subcommands: [
                    "describe deployment", "describe deploy", "describe hpa", "describe ing", "describe ingress",
                    "describe job", "describe namespace", "describe node", "describe nodes", "describe pod",
                    "describe pods", "describe po", "describe pvc", "describe rs", "describe service",
                    "describe statefulset", "describe sts", "describe svc", "-n * describe pod",
                    "-n * describe deployment", "-n * describe service", "-n * describe node",
                ], options: ["-A", "--all-namespaces"],
                optionsWithValue: ["-n": .oneOf(["*"]), "--namespace": .oneOf(["*"]), "-l": .any, "--selector": .any],
                operands: .oneOf(["*"])),
            CommandRule(
                name: "kubernetes logs", decision: .allow, programs: ["kubectl"], subcommands: ["logs", "-n * logs"],
                options: [
                    "-f", "--follow", "-p", "--previous", "--all-containers", "--prefix", "--timestamps",
                    "--ignore-errors",
                ],
                optionsWithValue: [
                    "-n": .oneOf(["*"]), "--namespace": .oneOf(["*"]), "-c": .oneOf(["*"]),
                    "--container": .oneOf(["*"]), "-l": .any, "--selector": .any, "--since": .oneOf(["*"]),
                    "--since-time": .oneOf(["*"]), "--tail": .oneOf(["*", "-1"]), "--limit-bytes": .oneOf(["*"]),
                ],
                operands: .oneOf([
                    "*", "pod/*", "pods/*", "deploy/*", "deployment/*", "job/*", "sts/*", "statefulset/*", "ds/*",
                    "daemonset/*",
                ]), maximumOperands: 2),
            CommandRule(
                name: "kubernetes usage", decision: .allow, programs: ["kubectl"],
                subcommands: [
                    "top pod", "top pods", "top po", "top node", "top nodes", "top no", "-n * top pods", "-n * top pod",
                ], options: ["-A", "--all-namespaces", "--containers", "--no-headers", "--sum"],
                optionsWithValue: [
                    "-n": .oneOf(["*"]), "--namespace": .oneOf(["*"]), "-l": .any, "--selector": .any,
                    "--sort-by": .oneOf(["cpu", "memory"]),
                ], operands: .oneOf(["*"])),
            CommandRule(
                name: "count", decision: .allow, programs: ["wc"],
                options: ["-c", "-l", "-m", "-w", "--bytes", "--chars", "--lines", "--words"]),
            CommandRule(
                name: "sort", decision: .allow, programs: ["sort"],
                options: [
                    "-b", "-f", "-g", "-h", "-n", "-r", "-u", "-V", "--human-numeric-sort", "--numeric-sort",
                    "--reverse", "--unique",
                ], optionsWithValue: ["-k": .oneOf(["*"]), "-t": .oneOf(["*"])]),
            CommandRule(
                name: "unique lines", decision: .allow, programs: ["uniq"],
                options: ["-c", "-d", "-i", "-u", "--count", "--ignore-case", "--repeated", "--unique"]),
            CommandRule(
                name: "first or last lines", decision: .allow, programs: ["head", "tail"],
                optionsWithValue: ["-n": .oneOf(["*", "-*", "+*"])]),
            CommandRule(
                name: "grep", decision: .allow, programs: ["grep"],
                options: [
                    "-c", "-E", "-F", "-i", "-n", "-o", "-q", "-v", "-w", "-x", "--count", "--extended-regexp",
                    "--fixed-strings", "--ignore-case", "--invert-match",
                ],
                optionsWithValue: ["-A": .oneOf(["*"]), "-B": .oneOf(["*"]), "-C": .oneOf(["*"]), "-m": .oneOf(["*"])],
                operands: .any, maximumOperands: 1),
            CommandRule(
                name: "never switched off from here", decision: .deny,
                programs: ["shutdown", "reboot", "halt", "poweroff", "kexec"]),
            CommandRule(name: "no new file systems", decision: .deny, programs: ["mkfs*", "wipefs", "blkdiscard"]),
        ])
    }
}
