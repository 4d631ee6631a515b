import Glibc
import Policy
import Synchronization

@testable import Access

/// A temporary directory for one test, removed with this object.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/access-test.XXXXXX".utf8CString)
        let made: String? = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw AccessError.usage("mkdtemp") }
        path = made
    }

    deinit { Self.clear(path) }

    /// Removes links without following them.
    private static func clear(_ path: String) {
        guard unlink(path) != 0, let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { clear("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func mode(_ name: String) -> UInt32? {
        var status = stat()
        return stat(file(name), &status) == 0 ? status.st_mode & 0o777 : nil
    }

    func exists(_ name: String) -> Bool { mode(name) != nil }

    func text(_ name: String) throws -> String? {
        try PrivateFile.read(file(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes in place, to the same inode.
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        defer { close(descriptor) }
        _ = Glibc.write(descriptor, text, text.utf8.count)
        fchmod(descriptor, mode)
    }
}

/// Counts events of another thread, and waits for them.
final class Signal: Sendable {
    private let count = Mutex(0)

    func ring() { count.withLock { $0 += 1 } }
    var rung: Int { count.withLock { $0 } }

    /// Returns true after `times` events, false after `patience`. Each caller states which of the two it expects.
    func wait(_ times: Int = 1, patience: Duration = .seconds(60)) async -> Bool {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            if rung >= times { return true }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return rung >= times
    }
}

let day: Milliseconds = 86_400_000
let noon: Milliseconds = 1_800_000_000_000

func usageError(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as AccessError {
        return error.kind == .usage ? error.description : nil
    } catch {
        return nil
    }
}

func fileError(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as AccessError {
        return error.kind == .file ? error.description : nil
    } catch {
        return nil
    }
}
