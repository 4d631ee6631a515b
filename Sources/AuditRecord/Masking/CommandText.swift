/// Text that a later program of the pipeline may receive.
struct CommandText {
    let word: CommandWord
    /// It is the first operand of its command.
    var isFirst = false
    /// A program may have changed it, so that any part of it may run.
    var isFiltered = false
}
