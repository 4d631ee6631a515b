/// A set of those that were put into it last.
struct RecentSet<Element: Hashable & Sendable>: Sendable {
    /// How many it remembers.
    let limit: Int
    private var members: Set<Element> = []
    /// Oldest first.
    private var order: [Element] = []

    init(limit: Int) { self.limit = limit }

    func contains(_ element: Element) -> Bool { members.contains(element) }

    /// Returns the one that is forgotten for it, if one is.
    @discardableResult
    mutating func insert(_ element: Element) -> Element? {
        guard members.insert(element).inserted else { return nil }
        order.append(element)
        guard order.count > limit else { return nil }
        let oldest = order.removeFirst()
        members.remove(oldest)
        return oldest
    }
}
