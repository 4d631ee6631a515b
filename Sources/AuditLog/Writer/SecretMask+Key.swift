public import AuditRecord
import Crypto

extension SecretMask {
    /// Marks that mean something in this process only: for what is written before the record is open. `known` ones
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
