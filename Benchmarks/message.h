// Definitions shared by the load generator and the stand-in agent, so that one can check what the other wrote.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// A read that every role may call, so that the server does not record it.
#define METHOD "thread/loaded/list"

// A request for a stream, in the params of any request: `{"lines":…,"bytes":…}`, in this order. `lines` notifications
// of `bytes` bytes each precede the response.
#define LINE_HEAD "{\"method\":\"item/agentMessage/delta\",\"params\":{\"number\":1"
#define LINE_MIDDLE ",\"delta\":\""
#define LINE_TAIL "\"}}"

enum {
    LETTERS = 26,
    /// A line's number, with leading zeros after a 1, so that all lines have the same length.
    LINE_DIGITS = 9,
    LINE_FRAME = sizeof LINE_HEAD - 1 + LINE_DIGITS + sizeof LINE_MIDDLE - 1 + sizeof LINE_TAIL - 1,
};

/// The repeated alphabet: `text + n % LETTERS` is the text of line n.
static inline char *make_letters(size_t length) {
    char *letters = malloc(length + LETTERS);
    for (size_t i = 0; letters && i < length + LETTERS; i++) letters[i] = (char)('a' + i % LETTERS);
    return letters;
}

static inline void write_digits(char *to, int digits, uint64_t number) {
    for (int i = digits - 1; i >= 0; i--, number /= 10) to[i] = (char)('0' + number % 10);
}

/// The part that differs between lines, incremented rather than computed, because a stream has millions of lines.
struct line {
    char digits[LINE_DIGITS];
    unsigned letter;
};

static const struct line first_line = {"000000000", 0};

static inline void next_line(struct line *line) {
    int i = LINE_DIGITS - 1;
    while (line->digits[i] == '9') line->digits[i--] = '0';
    line->digits[i]++;
    line->letter = line->letter == LETTERS - 1 ? 0 : line->letter + 1;
}

/// Writes a line without its line end. `bytes` is more than ``LINE_FRAME``.
static inline char *write_line(char *to, size_t bytes, const struct line *line, const char *letters) {
    memcpy(to, LINE_HEAD, sizeof LINE_HEAD - 1);
    to += sizeof LINE_HEAD - 1;
    memcpy(to, line->digits, LINE_DIGITS);
    to += LINE_DIGITS;
    memcpy(to, LINE_MIDDLE, sizeof LINE_MIDDLE - 1);
    to += sizeof LINE_MIDDLE - 1;
    memcpy(to, letters + line->letter, bytes - LINE_FRAME);
    to += bytes - LINE_FRAME;
    memcpy(to, LINE_TAIL, sizeof LINE_TAIL - 1);
    return to + sizeof LINE_TAIL - 1;
}

static inline int is_line(const char *text, size_t bytes, const struct line *line, const char *letters) {
    const char *digits = text + sizeof LINE_HEAD - 1, *middle = digits + LINE_DIGITS,
               *delta = middle + sizeof LINE_MIDDLE - 1, *tail = delta + bytes - LINE_FRAME;
    return memcmp(text, LINE_HEAD, sizeof LINE_HEAD - 1) == 0 && memcmp(digits, line->digits, LINE_DIGITS) == 0 &&
           memcmp(middle, LINE_MIDDLE, sizeof LINE_MIDDLE - 1) == 0 &&
           memcmp(delta, letters + line->letter, bytes - LINE_FRAME) == 0 &&
           memcmp(tail, LINE_TAIL, sizeof LINE_TAIL - 1) == 0;
}
