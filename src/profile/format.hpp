// The record file, version 1. docs/profile.md describes it for readers; this header is what writers and the reader share.
//
// A file is a header page and then chunks. A chunk belongs to one thread (or to the recorder itself) and holds records one
// after the other; its first zero record header ends it. Writers only ever append, and put a record's header last, so a file
// is readable at every moment: after SIGKILL nothing that was written is lost.
#pragma once
#include <cstddef>
#include <cstdint>

namespace od::profile {

constexpr char kMagic[8] = {'O', 'V', 'D', 'P', 'R', 'O', 'F', '\n'};
constexpr uint32_t kFormatVersion = 1;
constexpr size_t kHeaderBytes = 16384;
constexpr size_t kChunkBytes = 16384;  // chunks start at multiples of this in a file that is being written
constexpr uint32_t kChunkMagic = 0x4b48434f;  // "OCHK"

/// Counters that stay true while the program runs; they live in the mapped header page, so a crash keeps them.
struct LiveCounters {
    uint64_t samples;         // taken
    uint64_t lost;            // no room for the record
    uint64_t unmerged;        // native and Python stacks that did not fit together
    uint64_t truncated;       // deeper than the cap
    uint64_t native_cut;      // native walk ended before the thread's root
    uint64_t no_python;       // threads without a Python thread state
    uint64_t handler_ns;      // spent inside the handler
    uint64_t frames_native, frames_python;
    uint64_t intern_full;     // stacks shortened because the table of nodes was full
    uint64_t disk_full;       // 1 once the file could not grow
    uint64_t last_ns;         // CLOCK_MONOTONIC of the newest sample
    uint64_t stopped;         // 1 when recording ended by itself, 0 after a crash
    uint64_t foreign_traps;   // SIGTRAPs that were the program's own
    uint64_t switches;        // of the samples: those that a context switch took
    uint64_t unseen_children; // processes started that do not record
};

struct FileHeader {
    char magic[8];
    uint32_t version;
    uint32_t header_bytes;
    uint32_t pid;
    uint32_t flags;  // kFlagMerged
    uint64_t start_monotonic_ns;
    uint64_t start_realtime_ns;
    LiveCounters counters;
};
static_assert(sizeof(FileHeader) <= kHeaderBytes);
constexpr uint32_t kFlagMerged = 1;  // chunks of many parts, packed without gaps

struct ChunkHeader {
    uint32_t magic;
    uint32_t bytes;  // with this header
    uint32_t tid;    // 0: written by the recorder itself
    uint32_t part;   // which process; 0 in a file that one process wrote
};

enum class RecordType : uint16_t {
    End = 0,
    Info = 1,      // JSON: one object with a "kind"
    Sample = 2,
    Node = 3,
    Code = 4,
    Module = 5,
    Symbols = 6,   // JSON: names for addresses
    Source = 7,    // a source file's text, compressed
    Kernel = 8,    // kernel frames of one sample
    Allocation = 9,
    Free = 10,
    Counters = 11, // a copy of a part's LiveCounters, in merged files
};

struct RecordHeader {
    uint16_t type;
    uint16_t flags;
    uint32_t bytes;  // with this header, a multiple of 8
};

enum SampleFlag : uint16_t {
    kUnmerged = 1,
    kTruncated = 2,
    kNativeCut = 4,
    kNoPython = 8,
    kHoldsGil = 16,
    kCollecting = 32,  // the garbage collector runs
    kPythonOnly = 64,  // no native frames were looked at
    kShortened = 128,  // the node table was full
    kFinal = 256,      // read when recording ended, not by the clock
    kSwitch = 512,     // taken when a wait ended, not by the clock
};

/// What the time was that the thread did not run for since its sample before.
enum class SampleState : uint32_t {
    Cpu = 0,        // hardly any
    Blocked = 1,    // a system call had put the thread to sleep
    GilWait = 2,
    Preempted = 3,  // ready to run, but another thread had the processor
};

struct SampleRecord {
    RecordHeader header;
    uint64_t monotonic_ns;
    uint64_t cpu_ns;   // the thread's CPU time so far
    uint32_t node;     // innermost frame
    uint32_t state;    // SampleState
    uint64_t context;  // address of the outermost coroutine or of the greenlet's stack; 0: none
};

/// A stack is a path in a tree of nodes. Node 0 is the root and is never written.
struct NodeRecord {
    RecordHeader header;
    uint32_t id, parent;
    uint64_t frame;  // see Frame
};

/// Frames are 64 bits: 4 of kind, 60 of payload.
enum class FrameKind : uint8_t {
    Mark = 0,      // payload: FrameMark
    Python = 1,    // code id << 32 | instruction (in code units)
    Native = 2,    // module id << 44 | offset from the module's load address
    Address = 3,   // an address in no module
    Compiled = 4,  // as Python, executed by compiled code
    Kernel = 5,    // kernel address
};
enum class FrameMark : uint8_t { Truncated = 1, Unmerged = 2 };

constexpr uint64_t make_frame(FrameKind kind, uint64_t payload) { return uint64_t(kind) << 60 | payload; }

struct CodeRecord {
    RecordHeader header;
    uint32_t id;
    int32_t first_line;
    uint32_t name_bytes, qualname_bytes, file_bytes, line_table_bytes, code_bytes;
    uint8_t name_kind, qualname_kind, file_kind, reserved;  // bytes a character: 1 (latin-1), 2 or 4
    // then the five byte strings, without padding between them
};

struct ModuleRecord {
    RecordHeader header;
    uint32_t id;
    uint32_t path_bytes;
    uint64_t load_address, size;
    uint32_t build_id_bytes, reserved;
    // then path and build id
};

struct AllocationRecord {
    RecordHeader header;
    uint64_t monotonic_ns;
    uint64_t address, size;
    uint64_t weight;  // bytes this sample stands for
    uint32_t node, domain;
};
struct FreeRecord {
    RecordHeader header;
    uint64_t monotonic_ns, address;
};

struct KernelRecord {
    RecordHeader header;
    uint64_t monotonic_ns;
    uint32_t tid, count;
    // then `count` addresses, innermost first
};

}  // namespace od::profile
