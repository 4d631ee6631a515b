import Yams

/// The YAML subset of this file: maps, lists and texts. No anchors, aliases, tags, merge keys or second documents.
enum Document {
    typealias Problem = RulesFileError.Problem

    /// The schema needs five levels.
    static let maximumDepth = 16

    /// Returns nil if the file has nothing but comments.
    static func read(_ text: String) throws(Problem) -> Setting? {
        let source = try SourceText.checked(text)
        do {
            // The basic resolver has no rules, so Yams reads every scalar as text, and `1` and "1" are one key.
            let parser = try Parser(yaml: source, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { return nil }
            // The parser keeps the nodes' anchors alive; the nodes do not.
            let setting = try withExtendedLifetime(parser) { try Self.setting(root, path: "", depth: 1) }
            return setting.isEmpty ? nil : setting
        } catch let problem as Problem {
            throw problem
        } catch let error as YamlError {
            throw problem(error, in: source)
        } catch {
            throw Problem(line: nil, key: nil, reason: "cannot be read: \(error)")
        }
    }

    private static func setting(_ node: Node, path: String, depth: Int) throws(Problem) -> Setting {
        let line = node.mark?.line
        if let anchor = node.anchor {
            throw SourceText.anchored(anchor.rawValue, line: line, key: path.isEmpty ? nil : path)
        }
        guard depth <= maximumDepth else {
            throw Problem(line: line, key: path.isEmpty ? nil : path, reason: "is nested too deeply")
        }
        let (content, tag) = try content(node, path: path, depth: depth)
        let setting = Setting(path: path, line: line, content: content)
        guard node.tag.rawValue == tag else {
            throw setting.problem("tags such as `\(Visible.text(node.tag.rawValue))` are not read")
        }
        return setting
    }

    /// Also returns the tag that Yams gives this kind of node by default.
    private static func content(
        _ node: Node, path: String, depth: Int
    ) throws(Problem) -> (Setting.Content, tag: String) {
        switch node {
        case .scalar(let scalar):
            // Quoted escapes can produce characters that the source text may not contain, and block scalars can produce
            // line breaks.
            if let bad = scalar.string.unicodeScalars.first(where: { !Visible.isPrintable($0) }) {
                throw Problem(
                    line: node.mark?.line, key: path.isEmpty ? nil : path,
                    reason: "must be one visible line; it contains \(Visible.name(bad))")
            }
            return (.text(scalar.string, isPlain: scalar.style == .plain), Tag.Name.str.rawValue)
        case .sequence(let sequence):
            var items: [Setting] = []
            for item in sequence {
                items.append(try setting(item, path: "\(path)[\(items.count)]", depth: depth + 1))
            }
            return (.list(items), Tag.Name.seq.rawValue)
        case .mapping(let mapping):
            var members: [Setting.Member] = []
            for (key, value) in mapping { members.append(try member(key, value, path: path, depth: depth)) }
            return (.members(members), Tag.Name.map.rawValue)
        case .alias:
            throw Problem(line: node.mark?.line, key: nil, reason: "aliases are not read")
        }
    }

    private static func member(
        _ key: Node, _ value: Node, path: String, depth: Int
    ) throws(Problem) -> Setting.Member {
        guard case .text(let name, _) = try setting(key, path: path, depth: depth + 1).content else {
            throw Problem(line: key.mark?.line, key: path.isEmpty ? nil : path, reason: "a key must be a text")
        }
        let shown = name.isEmpty ? "\"\"" : Visible.text(name)
        let value = try setting(value, path: path.isEmpty ? shown : "\(path).\(shown)", depth: depth + 1)
        return Setting.Member(name: name, line: key.mark?.line, value: value)
    }
}
