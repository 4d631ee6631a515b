// A histogram of times in nanoseconds, with buckets less than one per cent wide.
#pragma once

#include <stdint.h>
#include <string.h>

enum { SUB_BITS = 7, BUCKETS = (41 - SUB_BITS) << SUB_BITS };

struct histogram {
    uint64_t counts[BUCKETS];
    uint64_t total, largest;
};

static inline void record(struct histogram *histogram, uint64_t value) {
    unsigned shift = value >> (SUB_BITS + 1) ? 63u - SUB_BITS - (unsigned)__builtin_clzll(value) : 0;
    uint64_t bucket = ((uint64_t)shift << SUB_BITS) + (value >> shift);
    histogram->counts[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    histogram->total++;
    if (value > histogram->largest) histogram->largest = value;
}

/// The given quantile of all values, in microseconds.
static inline double quantile(const struct histogram *histogram, double part) {
    uint64_t rank = (uint64_t)(part * (double)histogram->total), seen = 0;
    for (uint64_t bucket = 0; bucket < BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen <= rank) continue;
        uint64_t shift = bucket >> (SUB_BITS + 1) ? (bucket >> SUB_BITS) - 1 : 0;
        uint64_t low = (bucket - (shift << SUB_BITS)) << shift;
        return ((double)low + (double)((uint64_t)1 << shift) / 2) / 1000;
    }
    return (double)histogram->largest / 1000;
}
