import Policy
import Testing

@testable import Access

@Suite struct TextTests {
    @Test(arguments: [("30d", 2_592_000), ("12h", 43_200), ("90m", 5_400), ("1m", 60), ("3650d", 315_360_000)])
    func lifetimes(text: String, seconds: Int64) throws {
        #expect(try Lifetime.parse(text) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "d", "30", "30 d", " 30d", "30D", "30s", "-1d", "+1d", "1.5d", "1d2h", "0d", "00m", "3651d", "９d",
        "99999999999999999999d", "9223372036854775807d", "1d\u{301}", "30d\n", "\u{1B}[31m",
    ])
    func noLifetimes(text: String) throws {
        let message = try #require(usageError { _ = try Lifetime.parse(text) })
        #expect(!message.contains("\n") && !message.contains("\u{1B}"))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_799_999, "2000-02-29T23:59:59Z"), (951_868_800_000, "2000-03-01T00:00:00Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (1_800_000_000_000, "2027-01-15T08:00:00Z"), (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59Z"),
        ] as [(Milliseconds, String)])
    func dates(time: Milliseconds, text: String) {
        #expect(ISODate.text(time) == text)
    }

    /// Compares with a calendar that counts day by day.
    @Test func eachDayOf800YearsFollowsTheOneBefore() {
        var (year, month, day) = (1600, 1, 1)
        for number in -135_140..<157_054 as Range<Int64> {
            let text = ISODate.text(number * 86_400_000)
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            guard text == "\(year)-\(two(month))-\(two(day))T00:00:00Z" else {
                Issue.record("\(number): \(text), not \(year)-\(month)-\(day)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(ISODate.text(.max).hasSuffix("Z") && ISODate.text(.min).hasPrefix("-"))
    }

    @Test func rolesAreNamed() throws {
        #expect(try Role(named: "operator") == .operator)
        #expect(
            usageError { _ = try Role(named: "root") }
                == "There is no role \"root\". Roles: viewer, operator, approver, admin.")
    }

    @Test func base64urlAndHex() throws {
        for _ in 0..<100 {
            let secret = Secret.make()
            #expect(secret.utf8.count == 43 && !secret.contains(where: { "+/=".contains($0) }))
        }
        #expect(SecretHash(of: "abc")?.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let hash = try #require(SecretHash(of: "abc"))
        #expect(SecretHash(hex: hash.hex) == hash)
        #expect(SecretHash(hex: hash.hex.uppercased()) == nil)
        #expect(SecretHash(hex: String(hash.hex.dropLast(2))) == nil)
    }

    /// Each of the 256 bits matters.
    @Test func hashesDifferByAnyBit() throws {
        let zero = try #require(SecretHash(hex: String(repeating: "0", count: 64)))
        for bit in 0..<256 {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[bit / 8] = 1 << UInt8(bit % 8)
            let other = try #require(SecretHash(hex: Hex.text(bytes)))
            try #require(!zero.isSame(as: other) && other.isSame(as: other) && zero != other)
        }
    }
}
