/// Recognises the topic of a question by its words. The demo does not parse language: it sums weights.
enum DemoQuestion {
    /// A word's weight for a topic: 2 if it names the topic, 1 if it only hints at it.
    private static let words: [DemoTopic: [String: Int]] = [
        .disk: [
            "disk": 2, "disks": 2, "df": 2, "filesystem": 2, "filesystems": 2, "storage": 2, "space": 1, "full": 1,
            "fullest": 1, "partition": 1, "partitions": 1, "mount": 1, "mounts": 1, "volume": 1, "volumes": 1,
        ],
        .inodes: ["inode": 4, "inodes": 4],
        .memory: ["memory": 2, "ram": 2, "swap": 2, "swapping": 2, "oom": 2, "free": 1],
        .load: ["load": 2, "uptime": 2, "loadavg": 2, "overloaded": 2, "busy": 1, "slow": 1],
        .processes: ["process": 2, "processes": 2, "ps": 2, "top": 1, "cpu": 1, "running": 1, "consuming": 1],
        .ports: ["port": 2, "ports": 2, "listening": 2, "listen": 2, "listens": 2, "socket": 2, "sockets": 2, "ss": 2],
        .services: [
            "service": 2, "services": 2, "unit": 2, "units": 2, "systemd": 2, "systemctl": 2, "daemon": 2,
            "daemons": 2, "failed": 1,
        ],
        .logs: [
            "log": 2, "logs": 2, "journal": 2, "journalctl": 2, "syslog": 2, "error": 2, "errors": 2, "recent": 1,
        ],
    ]

    /// Words that ask for a change, which the demo never makes.
    private static let changes: Set<String> = [
        "clean", "delete", "edit", "fix", "install", "kill", "reboot", "remove", "restart", "stop", "truncate",
        "uninstall", "wipe",
    ]

    /// The topic with the highest weight; on a tie the one named first. nil if no topic matches.
    static func topic(of question: String) -> DemoTopic? {
        let said = question.lowercased().replacing("file system", with: "filesystem")
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
        if said.contains(where: changes.contains) { return nil }
        var weights: [DemoTopic: Int] = [:]
        var order: [DemoTopic] = []
        for word in said {
            for topic in DemoTopic.allCases {
                guard let weight = words[topic]?[word] else { continue }
                if weights[topic] == nil { order.append(topic) }
                weights[topic, default: 0] += weight
            }
        }
        if weights[.processes, default: 0] >= 2, weights[.memory, default: 0] >= 2 { return .processesByMemory }
        guard let most = weights.values.max() else { return nil }
        return order.first { weights[$0] == most }
    }
}
