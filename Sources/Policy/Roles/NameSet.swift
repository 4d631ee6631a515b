/// A set of names that are looked up by their bytes, so that no string is built from a client's bytes.
public struct NameSet: Sendable {
    /// All names, concatenated.
    private var bytes: [UInt8] = []
    /// Open addressing: the range of each name in ``bytes``. At least half of the slots are free.
    private var slots: [Range<Int>?]

    public init(_ names: some Collection<String>) {
        slots = Array(repeating: nil, count: 16)
        while slots.count < names.count * 2 { slots += slots }
        for name in names { insert(Array(name.utf8)) }
    }

    public func contains(_ name: UnsafeRawBufferPointer) -> Bool { slots[slot(of: name)] != nil }

    private mutating func insert(_ name: [UInt8]) {
        let slot = name.withUnsafeBytes { self.slot(of: $0) }
        guard slots[slot] == nil else { return }
        slots[slot] = bytes.count..<(bytes.count + name.count)
        bytes += name
    }

    /// The slot that holds the name, or the free slot for it.
    private func slot(of name: UnsafeRawBufferPointer) -> Int {
        var slot = Self.hash(name) & (slots.count - 1)
        while let range = slots[slot] {
            if range.count == name.count, bytes.withUnsafeBytes({ Self.isEqual($0, range.lowerBound, name) }) { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private static func isEqual(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<name.count where bytes[start + index] != name[index] { return false }
        return true
    }

    /// FNV-1a. Only the server's own names are inserted, so no client can cause collisions.
    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
