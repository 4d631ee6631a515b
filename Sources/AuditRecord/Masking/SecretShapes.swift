/// Secrets that are known by how they begin.
struct SecretShape: Sendable {
    let prefix: [UInt8]
    /// Bytes that follow, at least.
    let shortest: Int
    /// … and at most; nil: as many as there are.
    let longest: Int?
    let allowed: ByteClass
    let allowsDots: Bool

    private init(
        _ prefix: String, _ shortest: Int, _ longest: Int? = nil, _ allowed: ByteClass = .word, dots: Bool = false
    ) {
        self.prefix = Array(prefix.utf8)
        self.shortest = shortest
        self.longest = longest
        self.allowed = allowed
        allowsDots = dots
    }

    static let all: [SecretShape] = [
        // OpenAI, Anthropic and others: `sk-`, `sk-proj-`, `sk-ant-`. Twenty, so that `sk-learn` is none.
        SecretShape("sk-", 20), SecretShape("sess-", 30), SecretShape("xai-", 30), SecretShape("gsk_", 30),
        SecretShape("pplx-", 30), SecretShape("r8_", 30), SecretShape("hf_", 25, nil, .alphanumeric),
        // GitHub, GitLab.
        SecretShape("ghp_", 20), SecretShape("gho_", 20), SecretShape("ghu_", 20), SecretShape("ghs_", 20),
        SecretShape("ghr_", 20), SecretShape("github_pat_", 20), SecretShape("glpat-", 16, dots: true),
        SecretShape("gldt-", 16), SecretShape("glrt-", 16), SecretShape("glptt-", 16), SecretShape("glcbt-", 16),
        // Slack.
        SecretShape("xoxb-", 10), SecretShape("xoxp-", 10), SecretShape("xoxa-", 10), SecretShape("xoxr-", 10),
        SecretShape("xoxs-", 10), SecretShape("xoxe-", 10), SecretShape("xoxe.", 10, dots: true),
        SecretShape("xapp-", 10),
        // AWS, Google.
        SecretShape("AKIA", 16, 16, .upper | .digit), SecretShape("ASIA", 16, 16, .upper | .digit),
        SecretShape("AIza", 35, 35), SecretShape("ya29.", 20, dots: true), SecretShape("GOCSPX-", 20),
        // Stripe and other services.
        SecretShape("sk_live_", 10), SecretShape("rk_live_", 10), SecretShape("sk_test_", 10),
        SecretShape("rk_test_", 10), SecretShape("whsec_", 20), SecretShape("SG.", 30, dots: true),
        SecretShape("npm_", 30, nil, .alphanumeric), SecretShape("pypi-AgEI", 30), SecretShape("dckr_pat_", 20),
        SecretShape("dop_v1_", 40), SecretShape("shpat_", 30), SecretShape("hvs.", 20, dots: true),
        SecretShape("hvb.", 20, dots: true),
        SecretShape("glsa_", 20), SecretShape("tskey-", 10), SecretShape("PMAK-", 30), SecretShape("lin_api_", 20),
        SecretShape("AGE-SECRET-KEY-1", 40, nil, .upper | .digit),
        // Our own access tokens.
        SecretShape("sre_", 43, 43),
    ]

    /// Positions in ``all``, by the first two bytes together: few words begin like a secret.
    private static let byStart: [UInt16: [Int]] = Dictionary(grouping: all.indices) { index in
        UInt16(all[index].prefix[0]) << 8 | UInt16(all[index].prefix[1])
    }
    /// Of ``byStart``: no dictionary is asked for most words.
    static let starts: BytePairs = {
        var starts = BytePairs()
        for shape in all { starts.insert(startOf: shape.prefix) }
        return starts
    }()

    static func candidates(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> [Int] {
        guard start + 1 < bytes.count, starts.contains(bytes[start], bytes[start + 1]) else { return [] }
        return byStart[UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])] ?? []
    }

    func begins(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard prefix.count + shortest <= bytes.count - start else { return false }
        for index in prefix.indices where bytes[start + index] != prefix[index] { return false }
        return true
    }

    /// The end of such a secret whose prefix begins at `start`; nil when it is too short, too long or made of words.
    func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, within span: WordSpan) -> Int? {
        let body = start + prefix.count
        var end = span.end
        if allowed != .word {
            end = body
            while end < span.end, bytes[end].isIn(allowed) { end += 1 }
            // It must end where the word ends.
            if end < bytes.count, bytes[end].isIn(.alphanumeric) { return nil }
        }
        while end > body, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end - body >= shortest, end - body <= longest ?? .max, span.looksRandom(from: body) else { return nil }
        return end
    }
}
