/// A set of the most recently inserted elements.
struct RecentSet<Element: Hashable & Sendable>: Sendable {
    /// How many elements the set remembers.
    let limit: Int
    private var members: Set<Element> = []
    /// Oldest first.
    private var order: [Element] = []

    init(limit: Int) { self.limit = limit }

    func contains(_ element: Element) -> Bool { members.contains(element) }

    /// Returns the element that is dropped to make room, if any.
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
