import Logging

/// Masks every line before it is written, regardless of its source: commands, paths, reasons and the agent's own output
/// may contain secrets.
struct MaskingLogHandler: LogHandler {
    private var handler: any LogHandler
    private let mask: LogMask

    init(_ handler: any LogHandler, mask: LogMask) {
        self.handler = handler
        self.mask = mask
    }

    var logLevel: Logger.Level {
        get { handler.logLevel }
        set { handler.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = mask.masked(newValue) }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { handler.metadataProvider }
        set {
            let mask = mask
            handler.metadataProvider = newValue.map { provider in .init { mask.masked(provider.get()) } }
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue.flatMap { mask.masked([key: $0]).values.first } }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(mask.masked(event.message.description))"
        event.metadata = event.metadata.map(mask.masked)
        event.error = event.error.map { MaskedError(description: mask.masked("\($0)")) }
        handler.log(event: event)
    }
}

private struct MaskedError: Error, CustomStringConvertible {
    let description: String
}
