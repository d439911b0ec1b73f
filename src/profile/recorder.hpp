// The recorder of this process: clock, handler, helper thread and record file, started and stopped together.
#pragma once
#include "compiled.h"

#include <cstdint>
#include <string>

namespace od::profile {

struct RecorderOptions {
    std::string path;
    std::string info;            // JSON text of the first record
    uint32_t rate_hz = 1000;
    bool clock = true;           // false: only allocations are recorded
    bool waits = true;
    bool native = true;
    bool kernel = false;
    bool force_timer = false, force_user = false;
    double max_overhead = 0;     // share of the program's CPU time, 0: no bound
    uint64_t max_bytes = 8ull << 30;
};

/// All of these are called with the GIL held. A failure is a sentence, success an empty string.
std::string recorder_start(const RecorderOptions& options);
/// Stops the clock, writes what each thread still waits for, and closes the file.
void recorder_stop();
/// Holds the clock of a running recording, or lets it go on.
void recorder_pause(bool hold);
/// For measuring: from now on the handler takes its signals and does nothing (true), so that the bare clock's cost can be told.
void recorder_bare(bool bare);
/// Follows the compiler's table from now on until recording stops. One of another version is not looked at.
void recorder_use_compiled(od_compiled_channel* channel);
bool recorder_active();
const char* recorder_clock();
bool recorder_sees_waits();
/// Appends a JSON record to the file. False when there was no room or nothing is recorded.
bool recorder_note(const std::string& json);

struct RecorderCounters {
    uint64_t samples, lost, unmerged, truncated, native_cut, no_python, handler_ns, switches, disk_full;
};
RecorderCounters recorder_counters();

/// SIGTRAP belongs to the recorder while it runs; the program's own handler is called for traps that are not the clock's.
/// Takes the disposition that the program has set since, and puts the recorder's handler back.
void recorder_keep_signal();
/// The program wants SIGTRAP ignored or fatal: so it is, for traps that are not the clock's.
void recorder_set_plain_disposition(bool ignore);

/// A stack of the calling thread that is not tied to the clock (an allocation): its node, or 0xffffffff without room.
uint32_t recorder_stack_here();
/// Room for one record in the calling thread's chunk; null when there is none. The caller must hold off the clock's signal.
class Writer* recorder_writer();

}  // namespace od::profile
