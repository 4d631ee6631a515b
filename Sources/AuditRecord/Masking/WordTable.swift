/// Values for known words. Most lookups miss, and the first probe shows that.
struct WordTable<Value: Sendable>: Sendable {
    private var slots: [(word: PackedWord, value: Value)?]
    private let mask: Int

    /// If a word occurs twice, the last value is kept.
    init(_ entries: [(word: PackedWord, value: Value)]) {
        var size = 16
        while size < entries.count * 4 { size *= 2 }
        slots = Array(repeating: nil, count: size)
        mask = size - 1
        for entry in entries {
            var index = entry.word.spread & mask
            while let slot = slots[index], slot.word != entry.word { index = (index + 1) & mask }
            slots[index] = entry
        }
    }

    subscript(word: PackedWord) -> Value? {
        var index = word.spread & mask
        while let slot = slots[index] {
            if slot.word == word { return slot.value }
            index = (index + 1) & mask
        }
        return nil
    }
}
