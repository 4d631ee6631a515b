/// The messages of one direction: `ClientRequest`, `ServerRequest`, `ServerNotification`, `ClientNotification`.
struct MessageUnion {
    var name: String
    var isRequest: Bool
    /// Members beside `method` and `params`.
    var envelope: [Member]
    /// Sorted by method.
    var methods: [Method]
}

struct Method {
    /// `thread/start`
    var name: String
    var params: TypeReference
    /// nil for a notification.
    var result: TypeReference?

    var caseName: String { Naming.memberName(name) }
    var typeName: String { Naming.typeName(name) }
}
