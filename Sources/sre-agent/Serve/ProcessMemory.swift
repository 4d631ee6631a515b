import CProcess

/// The server's own memory.
enum ProcessMemory {
    /// A process of the same user could otherwise take the kernel's listener out of this one (pidfd_getfd).
    static func closeToOthers() { cprocess_forbid_tracing() }

    /// For buffers that shrink again after large messages: called before the first.
    static func returnWhatIsFreed() { cprocess_return_freed_memory() }

    /// Most of the program's pages are touched once, while it starts: given back, they no longer count as its own.
    static func releaseStart() { cprocess_release_read_only_pages() }
}
