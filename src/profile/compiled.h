/* What the compiler tells the profiler about its code: which Python function and instruction each address runs.
 *
 * The compiler puts a capsule named OD_COMPILED_CAPSULE into an attribute `compiled_table` of its module overdrive._core. The capsule
 * points at a pointer to the current table. To change the table, the compiler stores the address of a new one there; a table, and
 * everything that it points to, stays valid until the process ends or the recorder says that it is not recording. Handlers read it
 * at any moment, so nothing of it may change in place.
 *
 * A region is one piece of code that keeps rbp frames: `push rbp; mov rbp, rsp` are its first instructions. */
#ifndef OD_PROFILE_COMPILED_H
#define OD_PROFILE_COMPILED_H
#include <stdint.h>

#define OD_COMPILED_CAPSULE "overdrive.compiled_table"
#define OD_COMPILED_VERSION 1

typedef struct od_compiled_frame {
    const void* code;      /* PyCodeObject, alive as long as the region */
    uint32_t instruction;  /* index of the code unit */
    uint32_t reserved;
} od_compiled_frame;

/* Holds from `offset` (from the region's start) to the next row. */
typedef struct od_compiled_row {
    uint32_t offset;
    uint32_t first_frame;  /* in the region's `frames`: innermost inlined function first, the unit's own function last */
    uint32_t frame_count;
} od_compiled_row;

typedef struct od_compiled_region {
    uintptr_t low, high;
    const od_compiled_row* rows; /* sorted by offset */
    const od_compiled_frame* frames;
    uint32_t row_count;
    uint32_t reserved;
} od_compiled_region;

typedef struct od_compiled_table {
    uint32_t version;      /* OD_COMPILED_VERSION */
    uint32_t region_count;
    const od_compiled_region* regions; /* sorted by low, without overlap */
} od_compiled_table;

#endif
