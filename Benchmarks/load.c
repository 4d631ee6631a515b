// The load generator. Checks the number, order and content of all received messages, and exits with 1 on any deviation.
// Prints one line of JSON.
//
// //     load rt      closed loop: each client sends its next request after the response to the previous one
// //     load stream  each client requests lines, again and again
//     load idle    opens the clients, then holds them until standard input ends
// //     load stall   like rt, twice as long; for the second half one more client requests a lot and does not read
//
// The measurement lies between two moments at which all clients are working; opening and closing do not count.

#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "histogram.h"

enum {
    EVENTS = 512,
    /// The server starts children one after another, so more clients at once would only wait.
    OPENING = 16,
    ID_DIGITS = 16,
    /// Seconds without any message before the program fails.
    PATIENCE = 60,
};

#define REQUEST_HEAD "{\"id\":"
#define REQUEST_MIDDLE ",\"method\":\"" METHOD "\",\"params\":{\"text\":\""
#define REQUEST_TAIL "\"}}"
#define ANSWER_HEAD "{\"id\":"
#define ANSWER_RESULT ",\"result\":"
#define ANSWER_MIDDLE ANSWER_RESULT "{\"m\":\"" METHOD "\",\"p\":{\"text\":\""
#define ANSWER_TAIL "\"}}}"
#define LENGTH(literal) (sizeof(literal) - 1)

static const size_t REQUEST_FRAME = LENGTH(REQUEST_HEAD) + ID_DIGITS + LENGTH(REQUEST_MIDDLE) + LENGTH(REQUEST_TAIL);

static enum { ROUND_TRIPS, STREAM, IDLE, STALL } scenario;
static const char *const scenario_names[] = {"rt", "stream", "idle", "stall"};

static struct {
    unsigned clients;
    size_t bytes, lines, line_bytes;
    double seconds, warm_up;
    pid_t pid;
    /// With a real agent, whose responses differ, only the ids are checked.
    bool any_answer;
} options = {.clients = 1, .bytes = 300, .lines = 20000, .line_bytes = 1000, .seconds = 3, .warm_up = 0.5};

/// Phases follow in this order. A phase that a scenario does not have takes no time.
static enum phase { OPENING_CLIENTS, WARMING, MEASURING, STALLING, ENDING, DONE } phase;

static struct client *clients;
static struct client *staller;
static unsigned opened, ready, waiting;
static int loop;
static char *letters;
static uint64_t phase_end;

// Measured values.
static struct histogram times, stalled_times;
static uint64_t answers, lines, began, ended, opening_began;
static double server_cpu, load_cpu;
static size_t rss_before, rss_peak;

// MARK: Clocks and memory

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) return 0;
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t now(void) { return nanoseconds(CLOCK_MONOTONIC); }

/// CPU time of all threads of the server, including those that have ended, and of none of its children.
static double cpu_of_server(void) {
    clockid_t clock;
    if (!options.pid || clock_getcpuclockid(options.pid, &clock) != 0) return 0;
    return (double)nanoseconds(clock) / 1e9;
}

static double cpu_of_load(void) { return (double)nanoseconds(CLOCK_PROCESS_CPUTIME_ID) / 1e9; }

static size_t rss_of_server(void) {
    char path[64];
    unsigned long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", options.pid);
    FILE *file = options.pid ? fopen(path, "re") : NULL;
    if (!file) return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

// MARK: Sending requests

static uint64_t id_of(const struct client *client) {
    return 1000000000000000 + client->number * (uint64_t)10000000000 + client->requests;
}

static void put(char **to, const void *text, size_t length) {
    memcpy(*to, text, length);
    *to += length;
}

static void put_id(char **to, struct client *client) {
    client->requests++;
    write_digits(*to, ID_DIGITS, id_of(client));
    *to += ID_DIGITS;
}

static const char *text_for(const struct client *client) {
    return letters + (client->requests + client->number) % LETTERS;
}

static void sent(struct client *client) {
    client->is_waiting = true;
    waiting++;
    client_send(client);
}

static void ask_for_answer(struct client *client) {
    size_t text = options.bytes - REQUEST_FRAME;
    char *to = client_message(client, options.bytes);
    put(&to, REQUEST_HEAD, LENGTH(REQUEST_HEAD));
    put_id(&to, client);
    put(&to, REQUEST_MIDDLE, LENGTH(REQUEST_MIDDLE));
    put(&to, text_for(client), text);
    put(&to, REQUEST_TAIL, LENGTH(REQUEST_TAIL));
    client->asked_at = now();
    sent(client);
}

/// Sends a request with these params, where speed does not matter.
static void ask(struct client *client, const char *method, const char *params) {
    char text[512];
    client->requests++;
    int length = snprintf(text, sizeof text, "{\"id\":%llu,\"method\":\"%s\",\"params\":%s}",
                          (unsigned long long)id_of(client), method, params);
    memcpy(client_message(client, (size_t)length), text, (size_t)length);
    sent(client);
}

static void ask_for_lines(struct client *client) {
    char params[64];
    snprintf(params, sizeof params, "{\"lines\":%zu,\"bytes\":%zu}", options.lines, options.line_bytes);
    client->lines = 0;
    client->line = first_line;
    ask(client, METHOD, params);
}

static void ask_next(struct client *client) {
    if (scenario == STREAM) ask_for_lines(client);
    else ask_for_answer(client);
}

static void greet(struct client *client) {
    ask(client, "initialize", "{\"clientInfo\":{\"name\":\"load\",\"title\":\"Load generator\",\"version\":\"1\"}}");
}

// MARK: Checking

static bool take(const char **at, const char *end, const void *text, size_t length) {
    if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0) return false;
    *at += length;
    return true;
}

/// Reads the head of the response to the client's last request.
static bool take_head(struct client *client, const char **at, const char *end) {
    char id[ID_DIGITS];
    write_digits(id, ID_DIGITS, id_of(client));
    return take(at, end, ANSWER_HEAD, LENGTH(ANSWER_HEAD)) && take(at, end, id, ID_DIGITS);
}

static bool is_answer(struct client *client, const char *message, size_t length) {
    const char *at = message, *end = message + length;
    if (!take_head(client, &at, end)) return false;
    // The response to `initialize` is the agent's own; the last response of a stream is checked by its lines.
    if (options.any_answer || !client->is_ready || scenario == STREAM || client == staller)
        return take(&at, end, ANSWER_RESULT, LENGTH(ANSWER_RESULT));
    return take(&at, end, ANSWER_MIDDLE, LENGTH(ANSWER_MIDDLE)) &&
           take(&at, end, text_for(client), options.bytes - REQUEST_FRAME) &&
           take(&at, end, ANSWER_TAIL, LENGTH(ANSWER_TAIL)) && at == end;
}

/// A server may send one `sre/session` before all other messages; a real agent sends further notifications.
static bool is_ignored(const struct client *client, const char *message, size_t length) {
    static const char notice[] = "{\"method\":\"sre/session\"", any[] = "{\"method\":";
    if (options.any_answer) return length > LENGTH(any) && memcmp(message, any, LENGTH(any)) == 0;
    return !client->is_ready && length > LENGTH(notice) && memcmp(message, notice, LENGTH(notice)) == 0;
}

static bool take_line(struct client *client, const char *message, size_t length) {
    if (length != options.line_bytes || client->lines == options.lines) return false;
    if (!is_line(message, length, &client->line, letters)) return false;
    next_line(&client->line);
    client->lines++;
    return true;
}

// MARK: Phases

static void open_more(void) {
    while (opened < options.clients && opened - ready < OPENING) {
        clients[opened].number = opened;
        client_connect(&clients[opened++], loop);
    }
}

static void stop_measuring(uint64_t time) {
    ended = time;
    server_cpu = cpu_of_server() - server_cpu;
    load_cpu = cpu_of_load() - load_cpu;
}

static void start_stalling(void) {
    rss_before = rss_peak = rss_of_server();
    client_set_reading(staller, false);
    ask_for_lines(staller);
}

static void enter(enum phase next, uint64_t time) {
    phase = next;
    switch (phase) {
    case OPENING_CLIENTS: break;
    case WARMING:
        ended = time;
        if (scenario == IDLE) return enter(DONE, time);
        phase_end = time + (uint64_t)(options.warm_up * 1e9);
        for (unsigned i = 0; i < options.clients; i++)
            if (&clients[i] != staller) ask_next(&clients[i]);
        return;
    case MEASURING:
        began = time;
        server_cpu = cpu_of_server();
        load_cpu = cpu_of_load();
        phase_end = time + (uint64_t)(options.seconds * 1e9);
        return;
    case STALLING:
        stop_measuring(time);
        if (scenario != STALL) return enter(ENDING, time);
        phase_end = time + (uint64_t)(options.seconds * 1e9);
        return start_stalling();
    case ENDING:
        if (scenario != STALL) return;
        // From here on, the timed interval is the time to read the backlog.
        began = time;
        return client_set_reading(staller, true);
    case DONE: return;
    }
}

static void look_at_clock(void) {
    bool is_timed = phase == WARMING || phase == MEASURING || phase == STALLING;
    uint64_t time = now();
    if (is_timed && time >= phase_end) enter(phase + 1, time);
    static uint64_t last_look;
    if ((phase == STALLING || (phase == ENDING && scenario == STALL)) && time - last_look > 50000000) {
        size_t rss = rss_of_server();
        if (rss > rss_peak) rss_peak = rss;
        last_look = time;
    }
    if (phase == ENDING && waiting == 0) {
        if (scenario == STALL) ended = time;
        enter(DONE, time);
    }
}

// MARK: Receiving

static void got_ready(struct client *client) {
    client->is_ready = true;
    ready++;
    static const char initialized[] = "{\"method\":\"initialized\"}";
    memcpy(client_message(client, LENGTH(initialized)), initialized, LENGTH(initialized));
    client_send(client);
    open_more();
    if (ready == options.clients) enter(WARMING, now());
}

static void received(struct client *client, const char *message, size_t length) {
    if (client->is_waiting && client->is_ready && (scenario == STREAM || client == staller) &&
        take_line(client, message, length)) {
        lines += phase == MEASURING || client == staller;
        return;
    }
    if (is_ignored(client, message, length)) return;
    bool is_right = client->is_waiting && is_answer(client, message, length);
    if (!is_right) fail(client, "an answer that is none", message, length);
    client->is_waiting = false;
    waiting--;
    if (!client->is_ready) return got_ready(client);
    bool is_stream = scenario == STREAM || client == staller;
    if (is_stream && client->lines != options.lines) fail(client, "lines are missing", message, length);
    if (phase == MEASURING || phase == STALLING) {
        uint64_t time = now() - client->asked_at;
        answers += phase == MEASURING;
        if (!is_stream) record(phase == MEASURING ? &times : &stalled_times, time);
    }
    if (phase != ENDING) ask_next(client);
}

// MARK: The program

static void run(void) {
    struct epoll_event events[EVENTS];
    opening_began = now();
    open_more();
    while (phase != DONE) {
        bool is_timed = phase == WARMING || phase == MEASURING || phase == STALLING;
        int count = epoll_wait(loop, events, EVENTS, is_timed ? 50 : PATIENCE * 1000);
        if (count == 0 && !is_timed) fail_with(clients, "nothing comes any more", "");
        for (int i = 0; i < count; i++) client_handle(events[i].data.ptr, events[i].events);
        look_at_clock();
    }
}

/// Answers pings until standard input ends.
static void hold(void) {
    struct epoll_event events[EVENTS], input = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(loop, EPOLL_CTL_ADD, 0, &input) != 0) return;
    while (true) {
        int count = epoll_wait(loop, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            char text[256];
            if (events[i].data.ptr) client_handle(events[i].data.ptr, events[i].events);
            else if (read(0, text, sizeof text) <= 0) return;
        }
    }
}

static void print_result(void) {
    double seconds = (double)(ended - began) / 1e9;
    printf("{\"scenario\":\"%s\",\"clients\":%u", scenario_names[scenario], options.clients);
    if (scenario == IDLE) printf(",\"openedInSeconds\":%.3f", (double)(ended - opening_began) / 1e9);
    if (scenario == STALL) {
        printf(",\"p99Before\":%.1f,\"p99During\":%.1f,\"growthBytes\":%zu,\"lines\":%llu,\"readInSeconds\":%.3f",
               quantile(&times, 0.99), quantile(&stalled_times, 0.99), rss_peak - rss_before,
               (unsigned long long)lines, seconds);
        printf(",\"roundTripsDuring\":%llu", (unsigned long long)stalled_times.total);
    }
    if (scenario == ROUND_TRIPS)
        printf(",\"bytes\":%zu,\"roundTrips\":%llu,\"perSecond\":%.1f,\"p50\":%.2f,\"p99\":%.2f,\"max\":%.1f",
               options.bytes, (unsigned long long)answers, (double)answers / seconds, quantile(&times, 0.5),
               quantile(&times, 0.99), (double)times.largest / 1000);
    if (scenario == STREAM)
        printf(",\"lineBytes\":%zu,\"lines\":%llu,\"perSecond\":%.1f", options.line_bytes, (unsigned long long)lines,
               (double)lines / seconds);
    if (scenario == ROUND_TRIPS || scenario == STREAM)
        printf(",\"seconds\":%.3f,\"serverCPU\":%.4f,\"loadCPU\":%.4f", seconds, server_cpu, load_cpu);
    printf("}\n");
    fflush(stdout);
}

static _Noreturn void usage(void) {
    fprintf(stderr, "usage: load rt|stream|idle|stall [--port N | --unix PATH] [--path /…] [--clients N] [--bytes N]\n"
                    "    [--lines N] [--line-bytes N] [--seconds S] [--warm-up S] [--pid SERVER] [--any-answer]\n");
    exit(64);
}

static void read_arguments(int count, char **arguments) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'},    {"unix", 1, 0, 'u'},       {"path", 1, 0, 'a'},    {"clients", 1, 0, 'c'},
        {"bytes", 1, 0, 'b'},   {"lines", 1, 0, 'l'},      {"seconds", 1, 0, 's'}, {"warm-up", 1, 0, 'w'},
        {"pid", 1, 0, 'i'},     {"line-bytes", 1, 0, 'n'}, {"any-answer", 0, 0, 'y'}, {0},
    };
    if (count < 2) usage();
    while (scenario <= STALL && strcmp(arguments[1], scenario_names[scenario]) != 0)
        if (++scenario > STALL) usage();
    for (int option; (option = getopt_long(count - 1, arguments + 1, "", known, NULL)) != -1;) switch (option) {
        case 'p': server.port = (uint16_t)atoi(optarg); break;
        case 'u': server.unix_path = optarg; break;
        case 'a': server.path = optarg; break;
        case 'c': options.clients = (unsigned)atoi(optarg); break;
        case 'b': options.bytes = strtoul(optarg, NULL, 10); break;
        case 'l': options.lines = strtoul(optarg, NULL, 10); break;
        case 'n': options.line_bytes = strtoul(optarg, NULL, 10); break;
        case 's': options.seconds = atof(optarg); break;
        case 'w': options.warm_up = atof(optarg); break;
        case 'i': options.pid = atoi(optarg); break;
        case 'y': options.any_answer = true; break;
        default: usage();
        }
    bool is_usable = options.clients > 0 && options.clients < 10000 && options.bytes > REQUEST_FRAME &&
                     options.line_bytes > LINE_FRAME && options.lines < 1000000000;
    if (!is_usable) usage();
}

struct server server = {.path = "/", .opened = greet, .received = received};

int main(int count, char **arguments) {
    read_arguments(count, arguments);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // The stalled client is an additional one.
    if (scenario == STALL) options.clients++;
    clients = calloc(options.clients, sizeof *clients);
    letters = make_letters(options.bytes > options.line_bytes ? options.bytes : options.line_bytes);
    loop = epoll_create1(EPOLL_CLOEXEC);
    if (!clients || !letters || loop < 0) return 1;
    if (scenario == STALL) staller = &clients[options.clients - 1];
    run();
    print_result();
    if (scenario == IDLE) hold();
    return 0;
}
