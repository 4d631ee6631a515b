import CProcess

/// The server's own memory.
enum ProcessMemory {
    /// Most of the program's pages are touched once, while it starts: given back, they no longer count as its own.
    static func releaseStart() { cprocess_release_read_only_pages() }
}
