import Glibc
import JSON

/// codex's record of a thread, of which the gate reads the end.
enum Transcript {
    /// How many bytes of the end are read. The call that is asked about is among the last lines.
    static let endBytes = 1 << 20

    /// The last lines as values, oldest first. Lines that are no JSON, such as one that was cut, are left out; empty
    /// when there is no such file.
    static func end(of path: String?) -> [JSONValue] {
        guard let path else { return [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: min(max(size, 0), endBytes))
        let count = pread(descriptor, &bytes, bytes.count, max(0, size - bytes.count))
        guard count > 0 else { return [] }
        // The calls of earlier turns are of no interest: only what follows the person's last words is.
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
