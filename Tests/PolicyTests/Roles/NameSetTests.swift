import Policy
import Testing

/// A set of names, compared by bytes, that contains exactly the given names.
@Suite struct NameSetTests {
    @Test(arguments: [0, 1, 7, 8, 9, 500])
    func holdsWhatItWasGivenAndNothingElse(_ count: Int) {
        let names = (0..<count).map { "thread/\($0 * $0)/list" }
        let set = NameSet(names + names)
        for name in names { #expect(Self.contains(set, name)) }
        let others = ["", "thread/", "thread/0/lis", "thread/0/list/", "thread/2/list", "\u{0}"]
        for name in others + names.map({ $0 + "x" }) { #expect(!Self.contains(set, name), "\(name)") }
    }

    /// Names that look alike or are canonically equivalent are different names.
    @Test func comparesBytes() {
        let set = NameSet(["caf\u{E9}"])
        #expect(Self.contains(set, "caf\u{E9}"))
        #expect(!Self.contains(set, "cafe\u{301}"))
        #expect(!Self.contains(set, "CAF\u{C9}"))
    }

    @Test func theEmptyNameIsAName() { #expect(Self.contains(NameSet([""]), "")) }

    private static func contains(_ set: NameSet, _ name: String) -> Bool {
        Array(name.utf8).withUnsafeBytes { set.contains($0) }
    }
}
