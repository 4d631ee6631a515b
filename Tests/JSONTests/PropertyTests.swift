import Glibc
import JSON
import Testing

/// Properties that hold for every text, checked on many random texts.
@Suite struct PropertyTests {
    /// `JSON_CASES` multiplies the number of texts. Default 1; 250 takes some minutes, with optimisation.
    private static let factor = getenv("JSON_CASES").flatMap { Int(String(cString: $0)) } ?? 1

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<1_000 * Self.factor {
            let value = random.value()
            let bytes = value.serialized()
            let read = try JSONValue(parsing: bytes)
            guard read == value, read.serialized() == bytes, Scan.error(bytes) == nil else {
                Issue.record("seed \(seed): \(value) came back as \(read)")
                return
            }
        }
    }

    /// The scanner accepts what the parser accepts, but does not check strings' content and duplicate members.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func scannerAndParserAgreeOnDamagedText(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        var accepted = 0
        for _ in 0..<4_000 * Self.factor {
            let bytes = random.damaged(random.value(depth: 3).serialized())
            let scanned = Scan.error(bytes)
            let parsed = Scan.parserError(bytes)
            if parsed == nil { accepted += 1 }
            let agree = scanned == parsed || parsed?.reason == .duplicateKey || parsed?.reason == .badUTF8
            guard agree else {
                Issue.record("\(bytes): scanner \(String(describing: scanned)), parser \(String(describing: parsed))")
                return
            }
        }
        #expect(
            (100 * Self.factor...3_900 * Self.factor).contains(accepted),
            "the damage must leave some texts whole and break others")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func whatIsAcceptedIsWrittenAgainAsTheSameValue(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<2_000 * Self.factor {
            let bytes = random.damaged(random.value(depth: 3).serialized())
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            let again = try JSONValue(parsing: value.serialized())
            guard again == value else {
                Issue.record("\(bytes): \(value) came back as \(again)")
                return
            }
        }
    }
}
