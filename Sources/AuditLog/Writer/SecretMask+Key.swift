public import AuditRecord
import Crypto

extension SecretMask {
    /// A mask whose tags are valid only in this process, for text written before the audit log is open. `known` secrets
    /// are masked wherever they appear.
    public static func ofProcess(known: [String] = []) -> SecretMask {
        SecretMask(known: known, key: SymmetricKey(size: .bits256))
    }

    init(known: [String], key: SymmetricKey) {
        self.init(known: known) { secret in
            HMAC<SHA256>.authenticationCode(for: secret, using: key).prefix(8).hexadecimal
        }
    }
}
