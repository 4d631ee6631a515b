import JSON
import Testing

/// Reading values back without loss.
@Suite struct ValueTests {
    @Test(arguments: [
        "0", "-0", "1.0", "1.50", "1e3", "1E+03", "12345678901234567890", "0.1000000000000000055511151231257827",
        "1e400", "-9223372036854775809",
    ])
    func aNumberKeepsItsDigits(_ text: String) throws {
        #expect(try JSONValue(parsing: "[\(text)]").description == "[\(text)]")
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1.0", 1), ("1e3", 1000), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
            ("9007199254740991.0", 9_007_199_254_740_991), ("9007199254740993.0", nil),
            ("1.5", nil), ("1e-1", nil), ("9223372036854775808", nil), ("1e400", nil), ("-9223372036854775809", nil),
        ] as [(String, Int64?)])
    func anIntegerIsOneHoweverItIsWritten(_ text: String, _ integer: Int64?) throws {
        #expect(try JSONValue(parsing: text).intValue == integer)
    }

    @Test(arguments: [("1.5", 1.5), ("-2e-3", -0.002), ("0", 0), ("7", 7)])
    func aNumberCanBeReadAsADouble(_ text: String, _ double: Double) throws {
        #expect(try JSONValue(parsing: text).doubleValue == double)
    }

    @Test func membersKeepTheirOrder() throws {
        let text = #"{"z":1,"a":2,"m":{"y":3,"b":4},"0":5}"#
        let value = try JSONValue(parsing: text)
        #expect(value.description == text)
        #expect(value.objectValue?.keys == ["z", "a", "m", "0"])
    }

    @Test func replacingKeepsThePlaceAndAddingGoesToTheEnd() throws {
        var value = try JSONValue(parsing: #"{"a":1,"b":2,"c":3}"#)
        value["b"] = "new"
        value["d"] = nil
        value["a"] = nil
        value["e"] = .null
        #expect(value.description == #"{"b":"new","c":3,"e":null}"#)
    }

    @Test func settingAMemberOfSomethingElseMakesItAnObject() {
        var value: JSONValue = [1, 2]
        value["a"] = true
        #expect(value.description == #"{"a":true}"#)
    }

    @Test func removingGivesTheValueBack() {
        var object: JSONObject = ["a": 1, "b": 2]
        #expect(object.removeValue(forKey: "a") == 1)
        #expect(object.removeValue(forKey: "a") == nil)
        #expect(object.keys == ["b"])
    }

    @Test func laterMembersReplaceEarlierOnesOfTheSameKey() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(JSONValue.object(object).description == #"{"a":3,"b":2}"#)
    }

    @Test func equalityHeedsNoOrderOfMembersButThatOfElements() throws {
        let left = try JSONValue(parsing: #"{"a":[1,2],"b":{"c":1,"d":2}}"#)
        let same = try JSONValue(parsing: #"{"b":{"d":2,"c":1},"a":[1,2]}"#)
        #expect(left == same)
        #expect(left.hashValue == same.hashValue)
        #expect(try left != JSONValue(parsing: #"{"a":[2,1],"b":{"c":1,"d":2}}"#))
        #expect(try left != JSONValue(parsing: #"{"a":[1,2],"b":{"c":1,"d":2},"e":null}"#))
        #expect(try left != JSONValue(parsing: #"{"a":[1,2]}"#))
    }

    /// A Greek question mark looks like a semicolon and is canonically equivalent to it; a shell tells them apart.
    @Test(arguments: [("a;b", "a\u{37E}b"), ("`id`", "\u{1FEF}id\u{1FEF}"), ("\u{E9}", "e\u{301}"), ("K", "\u{212A}")])
    func textsThatOnlyLookAlikeAreNotEqual(_ left: String, _ right: String) {
        let (one, two): (JSONValue, JSONValue) = (.string(left), .string(right))
        #expect(one != two)
        #expect(Set([one, two, one]).count == 2)
        let object = JSONObject([(left, one), (right, two)])
        #expect(object.count == 2)
        #expect(object[left] == one && object[right] == two)
    }

    /// The sender of a message chooses the number of members.
    @Test func manyMembersTakeLinearTime() {
        let members = (0..<50_000).map { ("member \($0)", JSONValue.number(JSONNumber(Int64($0)))) }
        let start = ContinuousClock.now
        let object = JSONObject(members + [("member 7", "last")])
        #expect(object.count == 50_000 && object["member 7"] == "last" && object["member 49999"] != nil)
        #expect(object == JSONObject(object.members.reversed().map { ($0.key, $0.value) }))
        #expect(object == object && object != JSONObject(members))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func whatIsAskedOfAnotherKindIsNil() {
        let text: JSONValue = "1"
        #expect(text.intValue == nil && text.boolValue == nil && text.arrayValue == nil && text.objectValue == nil)
        #expect(text["a"] == nil && text[0] == nil && !text.isNull)
        let array: JSONValue = [nil, false, 1.5]
        #expect(array[0]?.isNull == true && array[1]?.boolValue == false && array[2]?.doubleValue == 1.5)
        #expect(array[3] == nil && array[-1] == nil && array.stringValue == nil && array["0"] == nil)
    }
}
