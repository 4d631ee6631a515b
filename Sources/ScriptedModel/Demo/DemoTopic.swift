/// A topic that the demo can answer, and its one command.
enum DemoTopic: Sendable, Hashable, CaseIterable {
    case disk, inodes, memory, load, processes, processesByMemory, ports, services, logs

    /// One plain command, so that a person sees at a glance what it does before approving it.
    var command: String {
        switch self {
        // squashfs images are always 100 % full; an overlay is the root file system of a container.
        case .disk: "df -hP -x tmpfs -x devtmpfs -x squashfs"
        case .inodes: "df -iP -x tmpfs -x devtmpfs -x squashfs"
        case .memory: "free -m"
        case .load: "uptime && nproc"
        case .processes: "ps -eo pid,user,%cpu,%mem,rss,comm --sort=-%cpu | head -n 15"
        case .processesByMemory: "ps -eo pid,user,%cpu,%mem,rss,comm --sort=-rss | head -n 15"
        case .ports: "ss -ltnp"
        case .services: "systemctl --failed --no-pager"
        case .logs: "journalctl -p err --since=-1h -n \(LogReport.limit) --no-pager"
        }
    }

    /// The reason to run the command outside the sandbox; nil if its output is the same inside.
    var escalation: String? {
        switch self {
        case .processes, .processesByMemory:
            "The sandbox shows only its own processes. List the processes of the host, outside the sandbox?"
        case .ports: "The sandbox has a network of its own. List the listening ports of the host, outside the sandbox?"
        case .services: "The sandbox cannot reach systemd. Ask it for failed services, outside the sandbox?"
        case .disk, .inodes, .memory, .load, .logs: nil
        }
    }

    /// The answer derived from the command's output; nil if the output is not in the expected format.
    func answer(from output: String) -> String? {
        switch self {
        case .disk: DiskReport(output: output)?.answer(.space)
        case .inodes: DiskReport(output: output)?.answer(.inodes)
        case .memory: MemoryReport(output: output)?.answer
        case .load: LoadReport(output: output)?.answer
        case .processes: ProcessReport(output: output)?.answer(by: .cpu)
        case .processesByMemory: ProcessReport(output: output)?.answer(by: .memory)
        case .ports: SocketReport(output: output)?.answer
        case .services: ServiceReport(output: output)?.answer
        case .logs: LogReport(output: output)?.answer
        }
    }
}
