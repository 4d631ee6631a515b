/// Where a mask in a shell command has to end, so that it never hides something that runs: at the end of each word, and
/// around each command substitution.
struct CommandLayout {
    struct Cut {
        /// A mask that starts before this position ends here.
        var at: Int
        /// At the start of a command substitution: its end, where the word continues. Otherwise equal to ``at``.
        var resume: Int
    }

    /// Sorted.
    private(set) var cuts: [Cut] = []
    /// Where the names of programs start; sorted.
    private(set) var programs: [Int] = []
    /// Where nothing is masked because of what precedes it; sorted, not overlapping.
    private(set) var shown: [Range<Int>] = []

    init(of command: UnsafeBufferPointer<UInt8>) {
        var parser = CommandParser(command)
        parser.parse()
        cuts = parser.cuts.sorted { ($0.at, -$0.resume) < ($1.at, -$1.resume) }
        programs = parser.programs.sorted()
        for range in parser.shown.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = shown.last, range.lowerBound <= last.upperBound {
                shown[shown.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                shown.append(range)
            }
        }
    }

    /// The layout of a text that was made from the command.
    init(_ layout: CommandLayout, in reading: ShellReading) {
        cuts = layout.cuts.map { Cut(at: reading.position(of: $0.at), resume: reading.position(of: $0.resume)) }
        programs = layout.programs.map(reading.position)
        shown = layout.shown.map { reading.position(of: $0.lowerBound)..<reading.position(of: $0.upperBound) }
    }

    /// The first cut inside the range.
    func cut(in range: Range<Int>) -> Cut? {
        let index = Self.first(of: cuts.count) { cuts[$0].at > range.lowerBound }
        return index < cuts.count && cuts[index].at < range.upperBound ? cuts[index] : nil
    }

    func hasCut(at position: Int) -> Bool {
        let index = Self.first(of: cuts.count) { cuts[$0].at >= position }
        return index < cuts.count && cuts[index].at == position
    }

    func shows(_ position: Int) -> Bool {
        let index = Self.first(of: shown.count) { shown[$0].upperBound > position }
        return index < shown.count && shown[index].lowerBound <= position
    }

    /// Whether a command substitution that starts behind `start` contains the position.
    func isInSubstitution(_ position: Int, behind start: Int) -> Bool {
        var index = Self.first(of: cuts.count) { cuts[$0].at >= start }
        while index < cuts.count, cuts[index].at < position {
            if cuts[index].resume > position { return true }
            index += 1
        }
        return false
    }

    /// The start of the last program up to the position.
    func program(before position: Int) -> Int? {
        let index = Self.first(of: programs.count) { programs[$0] > position }
        return index > 0 ? programs[index - 1] : nil
    }

    /// The first index at which the condition holds; from there on it holds at every index.
    static func first(of count: Int, where condition: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
