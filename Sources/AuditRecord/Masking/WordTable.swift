/// What is known of words. Most words that are looked up are not in it, and that is seen at the first glance.
struct WordTable<Value: Sendable>: Sendable {
    private var slots: [(word: PackedWord, value: Value)?]
    private let mask: Int

    /// Of a word that is there twice the last value is kept.
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
