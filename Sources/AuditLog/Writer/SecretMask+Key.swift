public import AuditRecord
import Cryptography

extension SecretMask {
    /// A mask whose tags are valid only in this process, for text written before the audit log is open. `known` secrets
    /// are masked wherever they appear.
    public static func ofProcess(known: [String] = []) -> SecretMask {
        SecretMask(known: known, key: RandomBytes.make(32))
    }

    init(known: [String], key: [UInt8]) {
        self.init(known: known) { secret in
            HMACSHA256.authenticationCode(of: Array(secret), key: key).prefix(8).hexadecimal
        }
    }
}
