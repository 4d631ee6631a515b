/// The output of `ss -ltnp`.
struct SocketReport: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let address: String
        let port: Int
        /// Names and process ids as `sshd (812)`; empty if `ss` has no permission to see them.
        let processes: [String]

        var isLoopback: Bool {
            address.hasPrefix("127.") || address == "[::1]" || address.hasPrefix("[::ffff:127.")
        }
    }

    let rows: [Row]

    /// nil without the heading, or if `ss` reports an error and lists nothing: some ports may be listening anyway.
    init?(output: String) {
        let lines = output.lines
        guard let heading = lines.firstIndex(where: { $0.hasPrefix("State") }) else { return nil }
        rows = lines[(heading + 1)...].compactMap(Self.row)
        if rows.isEmpty, lines.contains(where: { $0.hasPrefix("Cannot open netlink socket") }) { return nil }
    }

    private static func row(_ line: Substring) -> Row? {
        let columns = line.columns
        guard columns.count >= 5, columns[0] == "LISTEN", let colon = columns[3].lastIndex(of: ":"),
            let port = Int(columns[3][columns[3].index(after: colon)...])
        else { return nil }
        let users = columns[5...].joined(separator: " ")
        return Row(address: String(columns[3][..<colon]), port: port, processes: processes(in: users))
    }

    /// `users:(("sshd",pid=812,fd=3),("systemd",pid=1,fd=50))`
    private static func processes(in users: String) -> [String] {
        var found: [String] = []
        for entry in users.split(separator: "(\"").dropFirst() {
            let fields = entry.split(separator: "\",pid=")
            guard fields.count == 2 else { continue }
            let name = "\(fields[0]) (\(fields[1].prefix { $0.isNumber }))"
            if !found.contains(name) { found.append(name) }
        }
        return found
    }

    var answer: String {
        let open = Self.entries(rows.filter { !$0.isLoopback })
        let local = Self.entries(rows.filter(\.isLoopback))
        if rows.isEmpty { return "No TCP port is listening." }
        var answer = "**\(Quantity.count(open.count, "TCP port"))** can be reached from other machines"
        answer += open.isEmpty ? "." : ", unless a firewall is in between:\n\n" + Markdown.list(open, limit: 12)
        if !local.isEmpty {
            answer += "\n\n\(Quantity.count(local.count, "port")) only from this machine:\n\n"
            answer += Markdown.list(local, limit: 12)
        }
        if rows.allSatisfy(\.processes.isEmpty) { answer += "\n\nWho listens is not shown to this user." }
        return answer
    }

    /// One entry per port: IPv4 and IPv6 of the same service are combined.
    private static func entries(_ rows: [Row]) -> [String] {
        Dictionary(grouping: rows, by: \.port).sorted { $0.key < $1.key }.map { port, rows in
            var processes: [String] = []
            for process in rows.flatMap(\.processes) where !processes.contains(process) { processes.append(process) }
            let names = processes.map { Markdown.code($0) }.joined(separator: ", ")
            return names.isEmpty ? "\(port)" : "\(port): \(names)"
        }
    }
}
