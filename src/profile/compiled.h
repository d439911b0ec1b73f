/* What the compiler tells the profiler about its code: which Python function and instruction each address runs, and where the
 * caller's frame is.
 *
 * The compiler puts a capsule named OD_COMPILED_CAPSULE into an attribute `compiled_table` of its module
 * overdrive._core. The capsule points at an od_compiled_channel, which lives as long as the process. While nobody
 * reads, there is no table, and the compiler does nothing for one.
 *
 * A recorder that begins stores the address of its count of running handlers in `readers` and calls `refresh`. From
 * then on `table` is the current one, or null. A handler counts itself, loads `table`, and does not look at what it has
 * found there after it has counted itself out. Nothing but counters changes in place: the compiler stores the address
 * of a new one, and frees old ones once it finds no handler running after that. A recorder that ends waits for its
 * handlers, stores null in `readers` and calls `refresh`; a forked child, whose recorder is gone, stores null alone.
 * `refresh` is called with the GIL held. */
#ifndef OD_PROFILE_COMPILED_H
#define OD_PROFILE_COMPILED_H
#include <stdint.h>

#define OD_COMPILED_CAPSULE "overdrive.compiled_table"
#define OD_COMPILED_VERSION 3

/* _PyInterpreterFrame.stacktop of a frame that compiled code runs. */
#define OD_COMPILED_STACKTOP (-0x0D)

typedef struct od_compiled_frame {
    const void* code;      /* PyCodeObject, alive as long as its code runs */
    uint32_t instruction;  /* index of the code unit */
    uint32_t reserved;
} od_compiled_frame;

/* Holds from `offset` (from the region's start) to the next row. */
typedef struct od_compiled_row {
    uint32_t offset;
    uint32_t first_frame;  /* in the region's `frames`: innermost inlined function first, the unit's own function last */
    uint32_t frame_count;
} od_compiled_row;

/* Holds from `offset` to the next row. The caller's frame begins `depth` bytes above rsp, below that lies the return address,
 * and rbp is the caller's. Depth 0: the frame keeps rbp as `push rbp; mov rbp, rsp` sets it up. */
typedef struct od_compiled_stack {
    uint32_t offset, depth;
} od_compiled_stack;

/* One piece of code. Without rows it belongs to no Python function: a routine that others share. */
typedef struct od_compiled_region {
    uintptr_t low, high;
    const od_compiled_row* rows;     /* sorted by offset */
    const od_compiled_frame* frames;
    const od_compiled_stack* stack;  /* sorted by offset; the first is at 0 */
    uint32_t row_count, stack_count;
    uint32_t* samples;               /* counted up by handlers for the innermost compiled function */
} od_compiled_region;

typedef struct od_compiled_table {
    uint32_t region_count, reserved;
    const od_compiled_region* regions; /* sorted by low, without overlap */
} od_compiled_table;

typedef struct od_compiled_channel {
    uint32_t version, reserved;      /* OD_COMPILED_VERSION; read before anything else */
    const od_compiled_table* table;  /* by the compiler */
    const int* readers;              /* by the recorder */
    void (*refresh)(void);
} od_compiled_channel;

#endif
