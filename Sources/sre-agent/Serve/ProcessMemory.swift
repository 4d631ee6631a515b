import CProcess

/// The server's own memory.
enum ProcessMemory {
    /// Without this, a process of the same user could take the seccomp listener out of this process (pidfd_getfd).
    static func closeToOthers() { cprocess_forbid_tracing() }

    /// Lets buffers shrink again after large messages. Call it before the first large message.
    static func returnWhatIsFreed() { cprocess_return_freed_memory() }

    /// Most of the program's pages are used only during start-up. Once released, they no longer count as the process's
    /// memory.
    static func releaseStart() { cprocess_release_read_only_pages() }
}
