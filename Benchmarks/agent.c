// The stand-in agent: a child on pipes that echoes every request, and writes numbered lines on request. Small and
// quick, so that the benchmark measures the server in front of it.
//
//     {"id":1,"method":"m","params":P}  →  {"id":1,"result":{"m":"m","p":P}}
//
// A response is one byte longer than its request. message.h describes how to request lines. `agent --version` reports a
// program other than codex, so that the server expects no sandbox.

#define _GNU_SOURCE
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "message.h"

enum { CHUNK = 64 << 10 };
/// Room for the largest message that the server passes on. Untouched pages cost nothing.
static const size_t ROOM = 130 << 20;

static char *input, *output;
static size_t waiting;

static void flush(void) {
    for (size_t done = 0; done < waiting;) {
        ssize_t count = write(1, output + done, waiting - done);
        if (count <= 0) _exit(0);
        done += (size_t)count;
    }
    waiting = 0;
}

static void put(const char *text, size_t length) {
    memcpy(output + waiting, text, length);
    waiting += length;
}

#define PUT(literal) put(literal, sizeof literal - 1)

// MARK: Reading

struct span {
    const char *at;
    size_t length;
};

struct request {
    struct span id, method, params;
};

/// Returns the position after the string that begins here.
static const char *skip_string(const char *at, const char *end) {
    const char *quote = at;
    while ((quote = memchr(quote + 1, '"', (size_t)(end - quote - 1)))) {
        const char *before = quote;
        while (before[-1] == '\\') before--;
        if ((quote - before) % 2 == 0) return quote + 1;
    }
    return end;
}

/// Returns the position after the value that begins here.
static const char *skip_value(const char *at, const char *end) {
    int depth = 0;
    while (at < end) {
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ' ')) break;
        if (*at == '"') {
            at = skip_string(at, end);
        } else {
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
            at++;
        }
    }
    return at;
}

static const char *skip(const char *at, const char *end, const char *blanks) {
    while (at < end && strchr(blanks, *at)) at++;
    return at;
}

static bool is(struct span span, const char *text) {
    return span.length == strlen(text) && memcmp(span.at, text, span.length) == 0;
}

/// Reads the members of the line's one object. The sender writes valid JSON, so nothing is checked.
static struct request read_request(const char *at, const char *end) {
    struct request request = {0};
    for (at = skip(at, end, " {"); at < end && *at == '"'; at = skip(at, end, " ,")) {
        struct span name = {at, 0}, value;
        at = skip_string(at, end);
        name.length = (size_t)(at - name.at);
        value.at = skip(at, end, " :");
        at = skip_value(value.at, end);
        value.length = (size_t)(at - value.at);
        if (is(name, "\"id\"")) request.id = value;
        else if (is(name, "\"method\"")) request.method = value;
        else if (is(name, "\"params\"")) request.params = value;
    }
    return request;
}

// MARK: Responding

static void stream(size_t lines, size_t bytes) {
    static char *letters;
    static size_t longest;
    if (bytes <= LINE_FRAME || bytes > ROOM / 2) return;
    if (bytes > longest) {
        free(letters);
        letters = make_letters(longest = bytes);
        if (!letters) _exit(1);
    }
    struct line line = first_line;
    for (; lines > 0; lines--, next_line(&line)) {
        if (waiting + bytes + 1 > CHUNK) flush();
        char *end = write_line(output + waiting, bytes, &line, letters);
        *end++ = '\n';
        waiting = (size_t)(end - output);
    }
}

static void answer(const char *line, const char *end) {
    struct request request = read_request(line, end);
    if (!request.id.length || !request.method.length) return;
    static const char lines[] = "{\"lines\":";
    if (request.params.length > sizeof lines && memcmp(request.params.at, lines, sizeof lines - 1) == 0) {
        char *rest;
        size_t count = strtoul(request.params.at + sizeof lines - 1, &rest, 10);
        stream(count, strtoul(rest + sizeof ",\"bytes\":" - 1, NULL, 10));
    }
    size_t length = request.id.length + request.method.length + request.params.length + 64;
    if (waiting + length > CHUNK) flush();
    PUT("{\"id\":");
    put(request.id.at, request.id.length);
    PUT(",\"result\":{\"m\":");
    put(request.method.at, request.method.length);
    PUT(",\"p\":");
    if (request.params.length) put(request.params.at, request.params.length);
    else PUT("null");
    PUT("}}\n");
}

static char *reserve(void) {
    char *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) _exit(1);
    return room;
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--version") == 0) return write(1, "stand-in 1\n", 11) != 11;
    input = reserve();
    output = reserve();
    size_t length = 0;
    while (true) {
        size_t room = ROOM - 1 - length;
        ssize_t got = read(0, input + length, room < CHUNK ? room : CHUNK);
        if (got <= 0) return 0;
        const char *line = input, *newline, *search = input + length;
        length += (size_t)got;
        while ((newline = memchr(search, '\n', (size_t)(input + length - search)))) {
            answer(line, newline);
            line = search = newline + 1;
        }
        flush();
        length -= (size_t)(line - input);
        memmove(input, line, length);
    }
}
