import Testing

@testable import Cryptography

@Suite struct CryptographyTests {
    @Test func `SHA-256 as in FIPS 180-4`() {
        #expect(hex(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex(SHA256.hash(bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        for split in 0...3 {
            let text = bytes("abc")
            let hash = text[split...].withUnsafeBytes { SHA256.hash(Array(text[..<split]), followedBy: $0) }
            #expect(hash == SHA256.hash(text))
        }
    }

    /// RFC 4231, test cases 2 and 6.
    @Test func `HMAC as in RFC 4231`() {
        let code = HMACSHA256.authenticationCode(of: bytes("what do ya want for nothing?"), key: bytes("Jefe"))
        #expect(hex(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMACSHA256.authenticationCode(
            of: bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
            key: [UInt8](repeating: 0xAA, count: 131))
        #expect(hex(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    /// RFC 5869, test case 3: no salt and no use.
    @Test func `A derived key as in RFC 5869`() {
        let key = HMACSHA256.derivedKey(from: [UInt8](repeating: 0x0B, count: 22), use: "")
        #expect(hex(key) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    }

    /// RFC 8032, section 7.1, tests 1 and 2.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
                + "be24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
                + "2aeeb00d291612bb0c00"
        ),
    ])
    func `Ed25519 as in RFC 8032`(seed: String, publicKey: String, text: String, signature: String) throws {
        let key = try Ed25519PrivateKey(seed: unhex(seed))
        #expect(hex(key.publicKey.bytes) == publicKey)
        #expect(hex(try key.signature(of: unhex(text))) == signature)
        #expect(key.publicKey.verifies(unhex(signature), of: unhex(text)))
    }

    @Test func `A changed text, another key and half a signature are not valid`() throws {
        let key = try Ed25519PrivateKey()
        let signature = try key.signature(of: bytes("row 1"))
        #expect(key.publicKey.verifies(signature, of: bytes("row 1")))
        #expect(!key.publicKey.verifies(signature, of: bytes("row 2")))
        #expect(try !Ed25519PrivateKey().publicKey.verifies(signature, of: bytes("row 1")))
        #expect(!key.publicKey.verifies(Array(signature.prefix(63)), of: bytes("row 1")))
        #expect(!key.publicKey.verifies([], of: bytes("row 1")))
    }

    @Test func `Keys of another length are refused`() {
        #expect(throws: CryptographyError.self) { try Ed25519PrivateKey(seed: [1, 2, 3]) }
        #expect(throws: CryptographyError.self) { try Ed25519PublicKey([UInt8](repeating: 1, count: 33)) }
    }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func unhex(_ text: String) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
}
