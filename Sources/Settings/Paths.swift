/// Paths as texts: no file is looked at, links are not followed.
enum Paths {
    /// An absolute path without `.`, `..`, double slashes and a slash at its end.
    static func normalized(_ path: String) -> String {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        return "/" + components.joined(separator: "/")
    }

    /// Is `inner` the directory `outer`, or somewhere below it? Both normalised.
    static func contains(_ outer: String, _ inner: String) -> Bool {
        outer == "/" || inner == outer || inner.hasPrefix(outer + "/")
    }
}
