import Glibc

/// An IP address, independent of spelling. IPv4 is stored as mapped IPv6 (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2),
/// because a dual-stack socket reports its IPv4 peers that way.
struct IPAddress: Sendable, Hashable {
    /// In network order: the first 64 bits (the network of an IPv6 host) and the last 64 bits.
    let high: UInt64
    let low: UInt64

    /// Nil for anything but a single address: names, ports, zones, brackets, IPv4 with leading zeros.
    init?(_ text: String) {
        // C strings end at the first NUL.
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(bytes)
        } else if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes[..<4])
        } else {
            return nil
        }
    }

    private init(_ bytes: [UInt8]) {
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The address with all bits after the first `length` cleared. `length` is 0 to 128.
    func prefix(_ length: Int) -> IPAddress {
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : .max << UInt64(64 - min(bits, 64)) }
        return IPAddress(high: high & mask(length), low: low & mask(length - 64))
    }
}
