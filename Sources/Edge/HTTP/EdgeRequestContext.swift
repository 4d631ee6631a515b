import Hummingbird
import NIOCore

/// What a route knows beside the request: the connection it came over.
struct EdgeRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { RequestGuard.maximumBodySize }
}
