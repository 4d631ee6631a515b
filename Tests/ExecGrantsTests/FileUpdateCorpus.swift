/// Randomly chosen file updates and their results in codex 0.163 (`codex --codex-run-as-apply-patch`); nil if it did
/// not find the lines.
enum FileUpdateCorpus {
    static let updates: [(diff: String, before: String, after: String?)] = [
        ("@@\n- a\n+b", " a", "b\n"),
        (
            "@@ a b\n-  b\t\n+a b\n-x\u{2014}y \n+b\n a\n@@\n-\u{201C}a\u{201D}\n-\n+c\n*** End of File",
            "a b\na b\n  b\t\nx\u{2014}y\na\n\u{201C}a\u{201D}\n", "a b\na b\na b\nb\na\nc\n"
        ),
        ("@@\n-  b\t\n+b\n \ta \n+c\n@@\n b", "*** x\na b\r\n  b\t\n\ta\nb", "*** x\na b\r\nb\n\ta\nc\nb\n"),
        ("@@ a\n-", "\n\ta\na \na b\n a\na \n", "\n\ta\na \na b\n a\na \n"),
        ("@@\n *** x\n x\u{2014}y\n-a", "*** x\nx\u{2014}y\na\nb", "*** x\nx\u{2014}y\nb\n"),
        ("@@\n-\n*** End of File\n@@\n+ a", "", " a\n"),
        (
            "@@\n-x\u{2014}y\n+a\n@@\n+a \n+b\n@@\n+c",
            "a \r\"a\"\r\"a\"\n  b\t\r*** x\nx\u{2014}y", "a \r\"a\"\r\"a\"\n  b\t\r*** x\na\ra \rb\rc\r"
        ),
        (
            "@@\n x-y\n-  b\t\n+a \n a ",
            "x-y\r  b\t\ra \r\u{201C}a\u{201D}\r\"a\"\n\"a\"", "x-y\ra \ra \r\u{201C}a\u{201D}\r\"a\"\n\"a\"\r"
        ),
        ("@@\n+c\n+x-y\n@@\n-\n@@\n+b\n+a b\n+b\n", "", "c\nx-y\nb\na b\nb\n"),
        (
            "@@ a\n- a\n \"a\"\n+x-y\n@@\n a b\n+c\n \"a\"\n+ a\n\n@@\n-",
            "\n\ta\n a\n\"a\"\na b\n\"a\"\n", "\n\ta\n\"a\"\nx-y\na b\nc\n\"a\"\n a\n"
        ),
        ("@@\n+b\n+b", "a\u{A0}b\r\na b", "a\u{A0}b\r\na b\r\nb\r\nb\r\n"),
        ("@@\n \ta \n@@\n-\n+", "\ta\n", "\ta\n"),
        ("@@\n @@\n+a\n-b", "c\r\n@@\r\nb\r\n", "c\r\n@@\r\na\r\n"),
        ("@@\n b\n-\u{3000}a\n-\ta", "x\u{2014}y\nb\n\u{3000}a\n\ta\n\n@@\n", "x\u{2014}y\nb\n\n@@\n"),
        (
            "@@\n-@@\n *** x\n+x\u{2014}y\n a\n+a b",
            "\ta\n*** x\n@@\n*** x\na", "\ta\n*** x\n*** x\nx\u{2014}y\na\na b\n"
        ),
        (
            "@@\n-a\u{A0}b\n+x-y\n x\u{2014}y\n \u{3000}a\n+",
            "\ta\r\n@@\r\n\u{3000}a\r\n\u{3000}a\r\na\u{A0}b\r\nx\u{2014}y\r\n\u{3000}a",
            "\ta\r\n@@\r\n\u{3000}a\r\n\u{3000}a\r\nx-y\r\nx\u{2014}y\r\n\u{3000}a\r\n\r\n"
        ),
        (
            "@@\n  a\n+x\u{2014}y\n a \n-a ",
            "\r\u{201C}a\u{201D}\n a\na \ra \r@@\r\na b", "\r\u{201C}a\u{201D}\n a\nx\u{2014}y\ra \r@@\r\na b\r"
        ),
        ("@@\n\n@@\n-\n+a", "\n", "\na\n"),
        ("@@\n-", "", ""),
        ("-\u{201C}a\u{201D}\n+a \n-\"a\"", "\na\n\u{201C}a\u{201D}\n\"a\"\nx-y\n", "\na\na \nx-y\n"),
        ("@@\n-\n-b\n+c\n@@\n+x-y\n+\"a\"\n+x\u{2014}y", "\nb", "c\nx-y\n\"a\"\nx\u{2014}y\n"),
        (
            "-  b\t\n-\"a\"\n+x\u{2014}y\n-\ta\n+ a",
            "@@\n  b\t\n\"a\"\n\ta\n\n*** x\n*** x\n", "@@\nx\u{2014}y\n a\n\n*** x\n*** x\n"
        ),
        ("@@\n \u{201C}a\u{201D}", " a\r\n\u{201C}a\u{201D}\r", " a\r\n\u{201C}a\u{201D}\r"),
        (
            "@@\n",
            "c\n*** x\r\n\"a\"\n\"a\"\r\na \r\u{201C}a\u{201D}", "c\n*** x\r\n\"a\"\n\"a\"\r\na \r\u{201C}a\u{201D}\n"
        ),
        (
            "@@ a\n-b\n \"a\"\n+\ta\n-a b\n+c\n@@\n-  b\t\n+\ta\n-\n+c",
            "\u{3000}a\n a\n\ta\nb\n\"a\"\na b\n  b\t\n", "\u{3000}a\n a\n\ta\n\"a\"\n\ta\nc\n\ta\nc\n"
        ),
        ("@@\n a", "\"a\"\ra\r a\rb\ra\u{A0}b\r\ta\r  b\t\r a\r\n", "\"a\"\ra\r a\rb\ra\u{A0}b\r\ta\r  b\t\r a\r\n"),
        (
            "@@\n c\n-a \n+b\n-*** x\n@@\n-",
            "a\n\u{3000}a\n\u{201C}a\u{201D}\na\u{A0}b\nc\na \n*** x\n",
            "a\n\u{3000}a\n\u{201C}a\u{201D}\na\u{A0}b\nc\nb\n"
        ),
        ("- a\n+x-y\n \"a\"\n@@\n+a b\n+a \n+b", " a\r\"a\"", "x-y\r\"a\"\ra b\ra \rb\r"),
        ("@@\n-x-y\n-", "x-y\n  b\t\nc\nx-y\nc\n a\nx\u{2014}y\n\n", "x-y\n  b\t\nc\nx-y\nc\n a\n"),
        (
            "@@\n a  \n+c\n \ta\n+ a\n-a b\n*** End of File\n@@\n-",
            "\u{3000}a\n\u{201C}a\u{201D}\n\u{201C}a\u{201D}\na\u{A0}b\nx\u{2014}y\na \n\ta\na b\n",
            "\u{3000}a\n\u{201C}a\u{201D}\n\u{201C}a\u{201D}\na\u{A0}b\nx\u{2014}y\na \nc\n\ta\n a\n"
        ),
        (
            "@@ x\u{2014}y\n-\n*** End of File\n@@\n+ a\n+c",
            " a\n a\n*** x\n\n\u{3000}a\n  b\t\n*** x\nx\u{2014}y\n",
            " a\n a\n*** x\n\n\u{3000}a\n  b\t\n*** x\nx\u{2014}y\n a\nc\n"
        ),
        (
            " \n*** End of File",
            "\r\n\u{201C}a\u{201D}\r\na\r\n a\r\na b\r\n", "\r\n\u{201C}a\u{201D}\r\na\r\n a\r\na b\r\n"
        ),
        (
            "@@\n+x-y",
            "a b\r\n\r\nx\u{2014}y\r\na\u{A0}b\r\nx-y\r\nc\r\n*** x\r\n\r\n",
            "a b\r\n\r\nx\u{2014}y\r\na\u{A0}b\r\nx-y\r\nc\r\n*** x\r\n\r\nx-y\r\n"
        ),
        ("@@\n \n+a", "\u{3000}a\ra\u{A0}b\r\"a\"\ra\r", "\ra\r\u{3000}a\ra\u{A0}b\r\"a\"\ra\r"),
        (
            "-b\n a b\n+x\u{2014}y\n x\u{2014}y\n+x-y",
            "x-y\n a\n  b\t\na b\nx\u{2014}y\n", "x-y\n a\na b\nx\u{2014}y\nx\u{2014}y\nx-y\n"
        ),
        (
            "+x-y",
            "x-y\n\na \n\na b\n\u{201C}a\u{201D}\n\u{3000}a\n\u{3000}a\n",
            "x-y\n\na \n\na b\n\u{201C}a\u{201D}\n\u{3000}a\n\u{3000}a\nx-y\n"
        ),
        (
            "@@ a \n a \n+\ta\n@@\n-\n+a\n+c\n+ a\n+",
            "c\r\n\r\n\u{3000}a\r\na \r\n a\r\n\u{201C}a\u{201D}\r\n@@\r\na \r\n",
            "c\r\n\r\n\u{3000}a\r\na \r\n a\r\n\u{201C}a\u{201D}\r\n@@\r\na \r\n\ta\r\na\r\nc\r\n a\r\n"
        ),
        (
            "@@\n-x\u{2014}y\n+c\n@@\n-\n+ a",
            "b\r\n\u{201C}a\u{201D}\r\nb\r\na \r\n a\r\n\u{3000}a\r\n\r\nx\u{2014}y\r\n\n",
            "b\r\n\u{201C}a\u{201D}\r\nb\r\na \r\n a\r\n\u{3000}a\r\n\r\nc\r\n a\r\n"
        ),
        (
            "@@\r\n-\u{201C}a\u{201D}\r",
            "\"a\"\na\n*** x\nc\nx\u{2014}y\na \nb\n\u{201C}a\u{201D}", "\"a\"\na\n*** x\nc\nx\u{2014}y\na \nb\n"
        ),
        ("@@\n *** x\n-a\u{A0}b\n-\ta", "*** x\na\u{A0}b\n\ta\n", "*** x\n"),
        ("@@\n\n@@\n-\n*** End of File", "a \nx-y\n", "a \nx-y\n"),
        ("@@\n \n*** End of File", "@@\n\ta\n a\na\n", "@@\n\ta\n a\na\n"),
        ("   b\t\n+ a", "*** x\n  b\t\n\u{201C}a\u{201D}\n", "*** x\n  b\t\n a\n\u{201C}a\u{201D}\n"),
        ("@@\n-\n+c", "a b\n@@\r\ta\rx\u{2014}y\nc\n\n", "a b\n@@\r\ta\rx\u{2014}y\nc\nc\n"),
        (" b\n+\ta\n@@\n+c\n+x\u{2014}y", "b", "b\n\ta\nc\nx\u{2014}y\n"),
        (
            "@@ x-y\n-x\u{2014}y\n+x\u{2014}y",
            "x\u{2014}y\na\u{A0}b\na\nx\u{2014}y\n\ta\n", "x\u{2014}y\na\u{A0}b\na\nx\u{2014}y\n\ta\n"
        ),
        ("@@\n-\n@@\n+\"a\"\n a ", " a\r\n", "\"a\"\r\n a\r\n"),
        ("@@\n-\n-a\n+\"a\"", "b\n  b\t\na\n\na\n a\nx\u{2014}y\n", "b\n  b\t\na\n\"a\"\n a\nx\u{2014}y\n"),
        ("-", " a\nx\u{2014}y\n  b\t\nc\n\n a\n  b\t\n", " a\nx\u{2014}y\n  b\t\nc\n a\n  b\t\n"),
        ("@@\n-x-y", "x-y\r\n*** x\r  b\t\n\u{3000}a\nb", "*** x\r  b\t\n\u{3000}a\nb\r\n"),
        (
            "@@\n-@@\n-b \n@@\n-\n@@\n+c\n+c\n+x\u{2014}y",
            "a b\n*** x\rb\r\n  b\t\r\nb\r@@\nb\r\n", "a b\n*** x\rb\r\n  b\t\r\nb\rc\nc\nx\u{2014}y\n"
        ),
        (
            "@@\n-a\n x\u{2014}y\n+b",
            "x-y\nc\na\nx\u{2014}y\n\ta\n\u{201C}a\u{201D}\n@@\nb",
            "x-y\nc\nx\u{2014}y\nb\n\ta\n\u{201C}a\u{201D}\n@@\nb\n"
        ),
        (
            "@@ a\n-a\n+a b",
            "\ta\r\na \r\n\u{3000}a\r\nb\r\na\r\na\r\n", "\ta\r\na \r\n\u{3000}a\r\nb\r\na\r\na b\r\n"
        ),
        ("@@\n a b\n- a\n+c", "a b\n a\nx\u{2014}y", "a b\nc\nx\u{2014}y\n"),
        (
            "@@\r\n-x\u{2014}y\r\n@@\r\n\r\n@@\r\n+x\u{2014}y\r\n \r",
            "c\r\n a\r\n\ta\r\n\ta\r\n  b\t\r\n\ta\r\nx\u{2014}y\r\na \r\n",
            "c\r\n a\r\n\ta\r\n\ta\r\n  b\t\r\n\ta\r\nx\u{2014}y\r\na \r\n"
        ),
        ("@@\n-\n+c\n \ta\n a\u{A0}b\n+a\n@@\n-", "\n\ta\na\u{A0}b\n", "c\n\ta\na\u{A0}b\na\n"),
        ("@@ \n a ", "a \n\u{3000}a\n", "a \n\u{3000}a\n"),
        ("@@\n b", "b\na \n@@\n a\nx-y\nx-y\n@@\na\u{A0}b", "b\na \n@@\n a\nx-y\nx-y\n@@\na\u{A0}b\n"),
        ("@@ a\n-*** x", "*** x", nil),
        (
            "@@\n+x\u{2014}y\n@@\n-\"a\"\n+b\n b\n@@\n+\n+b\n+a b",
            " a\n*** x\n  b\t\n\u{201C}a\u{201D}\nx\u{2014}y\n\u{201C}a\u{201D}\n@@\n", nil
        ),
        (
            "@@ c\n \n+x-y\n-  b\t\n+x-y\n \n@@\n-a b\n+a \n+b\n@@\n+x\u{2014}y\n+\"a\"\n+x\u{2014}y",
            "c\n*** x\n\"a\"\r\n*** x\n\r\n  b\t\r", nil
        ),
        (
            "@@\n-@@\n+\"a\"\n- a\n+a \n-\n*** End of File\n@@\n-x-y\n+a b\n-b",
            " a\n*** x\n@@\na b\n  b\t\n@@\n a\n", nil
        ),
        ("@@\n- ", "", nil),
        ("@@\n a\n-x-y\n-a\n@@\n x-y\n b\n+a\n@@\n+c", "*** x\n\u{3000}a\n*** x", nil),
        ("@@\n \n+ a\n@@\n-x-y\n+c\n a", "b\n\n", nil),
        ("-c\n-\n@@\n a\n a \n-a ", "b\n@@\na b\n\u{3000}a\n a\n\n*** x\nc\n", nil),
        ("@@ x\u{2014}y\n a\n-\n@@\n-a\n@@\n a b", "@@\r\na\r", nil),
        ("@@ \n+c\n-a \n+c\n*** End of File\n@@\n \n+\"a\"", "", nil),
        (
            "@@ b\n-x\u{2014}y\n+\n-\"a\"\n\n@@\n-\n+a \n*** End of File",
            "a\u{A0}b\nc\na\u{A0}b\n\"a\"\nx\u{2014}y\n\"a\"\n", nil
        ),
        ("@@\n+b\n b\n c\n-\n@@\n- a", "b\n@@\nx-y\n\ta\n\n", nil),
    ]
}
