import Glibc

/// Change events of directories from the kernel (inotify(7)).
struct DirectoryEvents {
    struct Event {
        let mask: UInt32
        /// The directory entry; empty if the event is about the directory itself.
        let name: String
    }

    /// Nil if the user has no inotify instances left.
    init?() {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
    }

    let descriptor: Int32
    private static let mask =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_FROM)
        | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)

    /// Returns nil if the directory does not exist, and the same number again for the same directory.
    func watch(_ directory: String) -> Int32? {
        let watch = inotify_add_watch(descriptor, directory, Self.mask)
        return watch >= 0 ? watch : nil
    }

    func forget(_ watch: Int32) { inotify_rm_watch(descriptor, watch) }

    /// All events so far, without waiting.
    func next() -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            buffer.withUnsafeBytes { bytes in
                // struct inotify_event: watch, mask, cookie and length, 4 bytes each, then the name and NULs.
                var offset = 0
                while offset + 16 <= count {
                    let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                    let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                    let name = bytes[(offset + 16)..<min(offset + 16 + length, count)].prefix { $0 != 0 }
                    events.append(Event(mask: mask, name: String(decoding: name, as: UTF8.self)))
                    offset += 16 + length
                }
            }
        }
        return events
    }
}
