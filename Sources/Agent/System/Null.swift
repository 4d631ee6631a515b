import Glibc

/// The null device, for children that need no input.
enum Null {
    struct Unavailable: Error {}

    static func open() throws -> Int32 {
        let descriptor = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unavailable() }
        return descriptor
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}
