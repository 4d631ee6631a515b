import AuditLog
import AuditRecord
import JSON
import Logging
import Synchronization

/// Masks the log: at first with a key of this process, later with the audit log's key, so that a secret has the same
/// mark in both.
final class LogMask: Sendable {
    private let mask: Mutex<SecretMask>

    /// - Parameter known: Secrets that are masked wherever they appear.
    init(known: [String]) { mask = Mutex(.ofProcess(known: known)) }

    func use(_ mask: SecretMask) { self.mask.withLock { $0 = mask } }

    func masked(_ text: String) -> String { mask.withLock { $0 }.masked(text) }

    func masked(_ metadata: Logger.Metadata) -> Logger.Metadata {
        Dictionary(
            metadata.map { (masked($0.key), masked($0.value, named: $0.key)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The name may indicate that the value is secret.
    private func masked(_ value: Logger.MetadataValue, named name: String) -> Logger.MetadataValue {
        switch value {
        case .string(let text): .string(masked(text, named: name))
        case .stringConvertible(let value): .string(masked("\(value)", named: name))
        case .array(let values): .array(values.map { masked($0, named: name) })
        case .dictionary(let metadata): .dictionary(masked(metadata))
        }
    }

    private func masked(_ text: String, named name: String) -> String {
        mask.withLock { $0 }.masked([name: .string(text)] as JSONObject).members.first?.value.stringValue ?? ""
    }
}
