import Session
import Testing

/// A patch inside a shell command is shown as a patch only if the command does nothing else.
@Suite struct HeredocPatchTests {
    static let patch = "*** Begin Patch\n*** Delete File: a\n*** End Patch"

    @Test(arguments: [
        "apply_patch <<'EOF'\nBODY\nEOF", "apply_patch <<\"EOF\"\nBODY\nEOF\n", "applypatch <<'P_1'\nBODY\nP_1\n\n  \n",
        "  apply_patch<<'EOF'  \nBODY\nEOF", "apply_patch   <<'EOF'\nBODY\nEOF",
    ])
    func aCommandThatOnlyPatchesIsAPatch(_ command: String) throws {
        let patch = try #require(Patch(inShellCommand: command.replacingBody(Self.patch)))
        #expect(patch.text == Self.patch)
    }

    @Test(arguments: [
        // Another command runs too.
        "apply_patch <<'EOF'\nBODY\nEOF\nrm -rf x", "apply_patch <<'EOF'; rm x\nBODY\nEOF",
        "apply_patch <<'EOF' && rm x\nBODY\nEOF", "apply_patch <<'EOF' | sh\nBODY\nEOF",
        "apply_patch <<'EOF' >/etc/x\nBODY\nEOF", "apply_patch <<'EOF' &\nBODY\nEOF",
        "rm x; apply_patch <<'EOF'\nBODY\nEOF",
        "cd x && apply_patch <<'EOF'\nBODY\nEOF", "(apply_patch <<'EOF'\nBODY\nEOF\n)",
        "A=1 apply_patch <<'EOF'\nBODY\nEOF",
        "\napply_patch <<'EOF'\nBODY\nEOF", "$(x) apply_patch <<'EOF'\nBODY\nEOF",
        // The shell would expand the text before the patch program reads it.
        "apply_patch <<EOF\nBODY\nEOF", "apply_patch <<-'EOF'\nBODY\nEOF", "apply_patch <<E'O'F\nBODY\nEOF",
        "apply_patch <<$'EOF'\nBODY\nEOF", "apply_patch <<<'EOF'\nBODY\nEOF", "apply_patch <<''\nBODY\n\n",
        "apply_patch <<'E F'\nBODY\nE F", "apply_patch <<'$(x)'\nBODY\n$(x)", "apply_patch <<'EOF\"\nBODY\nEOF",
        "apply_patch <<'A'<<'B'\nBODY\nA\nB",
        // Another program, or an unterminated heredoc.
        "apply_patchx <<'EOF'\nBODY\nEOF", "./apply_patch <<'EOF'\nBODY\nEOF", "apply_patch x <<'EOF'\nBODY\nEOF",
        "apply_patch <<'EOF'\nBODY", "apply_patch <<'EOF'\nBODY\n EOF", "apply_patch <<'EOF'\nBODY\nEOF ",
        "apply_patch", "", "apply_patch 'BODY'", "apply_patch <<'EOF'\nBODY\neof",
    ])
    func whateverElseItMayDoIsACommand(_ command: String) {
        #expect(Patch(inShellCommand: command.replacingBody(Self.patch)) == nil)
    }

    /// codex treats these as patches and starts no shell; the server shows them as commands.
    @Test(arguments: [
        ("cd x && apply_patch <<'EOF'\nBODY\nEOF", "x", true), ("cd 'a b'&&applypatch << EOF\nBODY\nEOF", "a b", false),
        ("cd \"/a b\" && apply_patch <<\"EOF\"\nBODY\nEOF\n", "/a b", true),
        ("apply_patch <<EOF\nBODY\nEOF", nil, false),
    ])
    func whatCodexTakesForAPatch(_ command: String, _ directory: String?, _ isLiteral: Bool) throws {
        let found = try #require(Patch.command(command.replacingBody(Self.patch)))
        #expect(found.patch.text == Self.patch && found.directory == directory && found.isLiteral == isLiteral)
    }

    @Test(arguments: [
        "cat <<'EOF'\nBODY\nEOF", "cd x; apply_patch <<'EOF'\nBODY\nEOF", "cd x || apply_patch <<'EOF'\nBODY\nEOF",
        "cd $x && apply_patch <<'EOF'\nBODY\nEOF", "cd \"$x\" && apply_patch <<'EOF'\nBODY\nEOF",
        "cd -P x && apply_patch <<'EOF'\nBODY\nEOF", "cd x y && apply_patch <<'EOF'\nBODY\nEOF",
        "cd ~ && apply_patch <<'EOF'\nBODY\nEOF", "cd x && touch y && apply_patch <<'EOF'\nBODY\nEOF",
        "cd x && apply_patch <<'EOF'\nBODY\nEOF\nls", "cd x && apply_patch y <<'EOF'\nBODY\nEOF",
        "echo apply_patch <<'EOF'\nBODY\nEOF", "true\ncd x && apply_patch <<'EOF'\nBODY\nEOF",
    ])
    func aCommandThatOnlyHasAPatchInItIsNone(_ command: String) {
        #expect(Patch.command(command.replacingBody(Self.patch)) == nil)
    }

    /// The shell ends the heredoc at the first line that equals the marker, and ends lines at 0x0A: text after that
    /// would run while the person is shown a diff.
    @Test(arguments: ["\r", "\u{200D}\r", "x\r"])
    func aCommandCannotHideBehindACarriageReturn(_ before: String) {
        let command = """
            apply_patch <<'EOF'
            *** Begin Patch
            *** Update File: notes.txt
            @@
            -a
            +b\(before)
            EOF
            rm -rf ~ #
            *** End Patch
            EOF
            """
        #expect(Patch(inShellCommand: command) == nil)
    }

    /// These characters are white space in Unicode, but for a shell they are part of the word.
    @Test(arguments: [
        "\u{A0}apply_patch <<'EOF'\nBODY\nEOF", "apply_patch\u{A0}<<'EOF'\nBODY\nEOF",
        "apply_patch\u{3000}<<'EOF'\nBODY\nEOF",
        "apply_patch <<'EOF'\u{A0}\nBODY\nEOF", "apply_patch <<'EOF'\nBODY\nEOF\n\u{A0}",
        "apply_patch <<'EOF'\nBODY\nEOF\n\u{2028}",
    ])
    func whiteSpaceIsWhatTheShellTakesForIt(_ command: String) {
        #expect(Patch(inShellCommand: command.replacingBody(Self.patch)) == nil)
    }

    /// The shell distinguishes these markers, so its heredoc ends at another place than the person is shown.
    @Test func theMarkerIsComparedByteForByte() {
        #expect(Patch(inShellCommand: "apply_patch <<'\u{E9}'\n\(Self.patch)\ne\u{301}") == nil)
    }
}

extension String {
    fileprivate func replacingBody(_ body: String) -> String {
        guard let start = firstRange(of: "BODY") else { return self }
        return replacingCharacters(in: start, with: body)
    }

    private func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }

    private func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
