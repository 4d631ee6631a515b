import Hummingbird
import NIOCore

/// The context of a request: the connection it arrived over.
struct EdgeRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { RequestGuard.maximumBodySize }
}
