import Glibc
import JSON

/// codex's log of a thread. The gate reads its end.
enum Transcript {
    /// How many bytes at the end are read. The call in question is among the last lines.
    static let endBytes = 1 << 20

    /// The last lines as values, oldest first. Skips lines that are not JSON, such as a truncated first line. Empty if
    /// the file does not exist.
    static func end(of path: String?) -> [JSONValue] {
        guard let path else { return [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: min(max(size, 0), endBytes))
        let count = pread(descriptor, &bytes, bytes.count, max(0, size - bytes.count))
        guard count > 0 else { return [] }
        // Calls of earlier turns do not matter: keep only the lines from the last user message on.
        var lines: [JSONValue] = []
        for line in bytes[..<count].split(separator: 0x0A).reversed() {
            guard let value = try? JSONValue(parsing: Array(line)) else { continue }
            lines.append(value)
            if value["payload"]?["type"]?.stringValue == "message", value["payload"]?["role"]?.stringValue == "user" {
                break
            }
        }
        return lines.reversed()
    }
}
