import Hummingbird
import NIOCore

/// Gives a request access to its connection, so that a stream can close it.
struct ModelRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
